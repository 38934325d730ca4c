"""The room's registration with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Where a person's day starts."""

    name = "desk"
