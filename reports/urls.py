"""Addresses of this room."""

from django.urls import URLPattern, path

from reports import views

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="list"),
    path("ask/", views.ask, name="ask"),
    path("<int:pk>/", views.row, name="row"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/again/", views.again, name="again"),
    path("<int:pk>/download/", views.download, name="download"),
]
