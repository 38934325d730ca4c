"""The room's registration with Django."""

from django.apps import AppConfig


class SignonConfig(AppConfig):
    """Who comes in by their organisation's own provider."""

    name = "signon"

    def ready(self) -> None:
        """Have every entry into an organisation pass its rule on signing in."""
        from aims.ports import guards_entry  # noqa: PLC0415  (models are not loaded when this module is)
        from signon.entry import guard  # noqa: PLC0415

        guards_entry(guard)
