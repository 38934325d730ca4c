"""Addresses of this room."""

from django.urls import URLPattern, path

from reports import certificate_views, views

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="list"),
    path("ask/", views.ask, name="ask"),
    path("certificate/", certificate_views.certificate, name="certificate"),
    path("certificate/renew/", certificate_views.renew, name="certificate_renew"),
    path("certificate/<str:code>.pem", certificate_views.download_pem, name="certificate_pem"),
    path("<int:pk>/", views.row, name="row"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/again/", views.again, name="again"),
    path("<int:pk>/download/", views.download, name="download"),
]
