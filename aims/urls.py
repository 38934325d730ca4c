"""Addresses of this room."""

from django.urls import URLPattern

app_name = "aims"
urlpatterns: list[URLPattern] = []
