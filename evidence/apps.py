"""The room's registration with Django."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """What proves it."""

    name = "evidence"

    def ready(self) -> None:
        """Let the database refuse changes to what was given and to who read it."""
        from evidence.models import EvidenceVersion, File, Read  # noqa: PLC0415  (models are loaded by now)
        from ledger import guards  # noqa: PLC0415

        guards.protect(EvidenceVersion, File, Read)
