"""The room's registration with Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """What runs later."""

    name = "jobs"
