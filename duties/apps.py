"""The room's registration with Django."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """What somebody owes."""

    name = "duties"
