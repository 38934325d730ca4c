"""The room's registration with Django."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """What proves it."""

    name = "evidence"
