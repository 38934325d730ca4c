"""The room's registration with Django."""

from django.apps import AppConfig


class AuditsConfig(AppConfig):
    """Who tested it."""

    name = "audits"
