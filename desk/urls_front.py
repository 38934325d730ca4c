"""Addresses outside an AIMS."""

from django.urls import path

from desk import front

urlpatterns = [
    path("", front.home, name="home"),
    path("healthz", front.healthz, name="healthz"),
]
