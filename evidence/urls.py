"""Addresses of this room."""

from django.urls import URLPattern, path

from evidence import verbs, views

app_name = "evidence"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="list"),
    path("upload/", verbs.upload, name="upload"),
    path("index.csv", views.export, name="export"),
    path("<str:code>/", views.detail, name="detail"),
    path("<str:code>/new-version/", verbs.renew, name="renew"),
    path("<str:code>/edit/", verbs.edit, name="edit"),
    path("<str:code>/link/", verbs.link, name="link"),
    path("<str:code>/links/<int:pk>/withdraw/", verbs.unlink, name="unlink"),
    path("<str:code>/withdraw/", verbs.withdraw, name="withdraw"),
    path("<str:code>/<int:number>/files/<int:file_id>/", views.download, name="download"),
]
