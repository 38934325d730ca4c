"""Addresses of this room."""

from django.urls import URLPattern, path

from evidence import integrity_views, review_views, verbs, views
from evidence.matching import views as matching

app_name = "evidence"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="list"),
    path("upload/", verbs.upload, name="upload"),
    path("index.csv", views.export, name="export"),
    path("integrity/", integrity_views.integrity, name="integrity"),
    path("integrity/check/", integrity_views.check, name="check_integrity"),
    path("integrity/progress/", integrity_views.progress, name="integrity_progress"),
    path("integrity/stop/", integrity_views.stop, name="stop_check"),
    path("reviews/", review_views.reviews, name="reviews"),
    path("<str:code>/", views.detail, name="detail"),
    path("<str:code>/new-version/", verbs.renew, name="renew"),
    path("<str:code>/edit/", verbs.edit, name="edit"),
    path("<str:code>/link/", verbs.link, name="link"),
    path("<str:code>/links/<int:pk>/withdraw/", verbs.unlink, name="unlink"),
    path("<str:code>/scan/", verbs.scan, name="scan"),
    path("<str:code>/review/", review_views.ask, name="ask_review"),
    path("<str:code>/reviews/<int:pk>/", review_views.confirm, name="confirm_review"),
    path("<str:code>/suggestions/<int:pk>/accept/", matching.accept, name="accept_suggestion"),
    path("<str:code>/suggestions/<int:pk>/refuse/", matching.refuse, name="refuse_suggestion"),
    path("<str:code>/withdraw/", verbs.withdraw, name="withdraw"),
    path("<str:code>/<int:number>/files/<int:file_id>/", views.download, name="download"),
]
