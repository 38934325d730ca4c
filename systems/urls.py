"""Addresses of this room."""

from django.urls import URLPattern, path

from systems import verbs, views, views_files

app_name = "systems"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="list"),
    path("new/", verbs.new, name="new"),
    path("files/", views_files.files, name="files"),
    path("files/<str:form>", views_files.export, name="export"),
    path("<str:code>/", views.detail, name="detail"),
    path("<str:code>/edit/", verbs.edit, name="edit"),
    path("<str:code>/scope/", verbs.scope, name="scope"),
    path("<str:code>/stage/", verbs.stage, name="stage"),
    path("<str:code>/rely/", verbs.rely, name="rely"),
    path("<str:code>/rely/<int:pk>/end/", verbs.let_go, name="let_go"),
]
