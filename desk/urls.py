"""Addresses of this room."""

from django.urls import URLPattern, path

from desk import views

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", views.overview, name="overview"),
]
