"""Addresses for machines, outside of any AIMS."""

from django.urls import path

from upkeep import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
