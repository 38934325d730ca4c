"""The room's registration with Django."""

from django.apps import AppConfig


class AimsConfig(AppConfig):
    """Who we are."""

    name = "aims"
