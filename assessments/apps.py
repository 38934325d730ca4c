"""The room's registration with Django."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """What it could do."""

    name = "assessments"
