"""The room's registration with Django."""

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    """What those ask who keep an installation running: is it ready, how does it do, what is wrong with it."""

    name = "upkeep"
