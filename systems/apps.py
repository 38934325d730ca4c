"""The room's registration with Django."""

from django.apps import AppConfig


class SystemsConfig(AppConfig):
    """What AI we run."""

    name = "systems"
