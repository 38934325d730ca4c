"""The room's registration with Django."""

from django.apps import AppConfig


class BackupConfig(AppConfig):
    """What outlives the machine."""

    name = "backup"
