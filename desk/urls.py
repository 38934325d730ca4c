"""Addresses of this room."""

from django.urls import URLPattern, path

from desk import views, views_demo

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", views.overview, name="overview"),
    path("seat/", views.seat, name="seat"),
    path("search/", views.find, name="search"),
    path("remove-demo/", views_demo.remove, name="remove_demo"),
]
