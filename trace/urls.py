"""Addresses of this room."""

from django.urls import URLPattern, path

from trace import views

app_name = "trace"
urlpatterns: list[URLPattern] = [
    path("", views.records, name="records"),
    path("<int:number>/", views.record, name="record"),
    path("trace/", views.lineage, name="lineage"),
    path("verify/", views.verify, name="verify"),
    path("verification/", views.verification, name="verification"),
    path("export/", views.export, name="export"),
]
