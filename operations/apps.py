"""The room's registration with Django."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """What the systems do once they run."""

    name = "operations"
