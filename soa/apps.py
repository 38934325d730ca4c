"""The room's registration with Django."""

from django.apps import AppConfig


class SoaConfig(AppConfig):
    """What we decided."""

    name = "soa"
