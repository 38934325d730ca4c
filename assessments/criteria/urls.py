"""Addresses of the criteria."""

from django.urls import URLPattern, path

from assessments.criteria import views

app_name = "criteria"
urlpatterns: list[URLPattern] = [
    path("", views.criteria, name="page"),
    path("compare/", views.compare, name="compare"),
    path("untreated/", views.open_levels, name="untreated"),
]
