"""The room's registration with Django."""

from django.apps import AppConfig


class ControlsConfig(AppConfig):
    """What the standard asks."""

    name = "controls"
