"""Addresses of judging."""

from django.urls import URLPattern, path

from systems.judging import views

app_name = "judging"
urlpatterns: list[URLPattern] = [
    path("", views.runs, name="runs"),
    path("ask/", views.ask, name="ask"),
    path("<str:code>/", views.system, name="system"),
    path("<str:code>/ask/", views.ask_for_one, name="ask_for_one"),
]
