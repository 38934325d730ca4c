"""The verbs of the desk."""

from desk.actions.remove_demo import remove_demo
from desk.actions.renew_passwords import renew_passwords

__all__ = ["remove_demo", "renew_passwords"]
