"""Addresses inside an AIMS, under its settings."""

from django.urls import path

from signon.views import settings

app_name = "signon"
urlpatterns = [
    path("", settings.providers, name="providers"),
    path("required/", settings.require, name="require"),
    path("new/", settings.new, name="new"),
    path("<str:code>/", settings.provider, name="provider"),
    path("<str:code>/withdraw/", settings.withdraw, name="withdraw"),
    path("<str:code>/people/<int:pk>/cut/", settings.cut, name="cut"),
]
