"""The verbs of the desk."""

from desk.actions.remove_demo import remove_demo

__all__ = ["remove_demo"]
