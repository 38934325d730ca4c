"""The room's registration with Django."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """What we hand over."""

    name = "reports"
