"""The room's registration with Django."""

from django.apps import AppConfig


class TraceConfig(AppConfig):
    """How it hangs together."""

    name = "trace"
