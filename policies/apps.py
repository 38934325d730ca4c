"""The room's registration with Django."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """What machines check."""

    name = "policies"

    def ready(self) -> None:
        """Let the database refuse changes to the text of a version."""
        from ledger import guards  # noqa: PLC0415  (models are loaded by now)
        from policies.models import PolicyVersion  # noqa: PLC0415

        guards.protect(PolicyVersion)
