"""The room's registration with Django."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from accounts.signed_in import forget


def forget_before(request: Any, **_kwargs: Any) -> None:
    """Begin anew at every sign-in, of the same person too: what opened the session before counts no more."""
    forget(request)


class SignonConfig(AppConfig):
    """Who comes in by their organisation's own provider."""

    name = "signon"

    def ready(self) -> None:
        """Have every entry into an organisation pass its rule on signing in."""
        from aims.ports import guards_entry  # noqa: PLC0415  (models are not loaded when this module is)
        from signon.entry import guard  # noqa: PLC0415

        guards_entry(guard)
        user_logged_in.connect(forget_before)
