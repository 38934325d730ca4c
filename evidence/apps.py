"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """What proves it."""

    name = "evidence"

    def ready(self) -> None:
        """Let the database refuse changes to what was given; tell the registry; sweep what was abandoned."""
        from evidence import linked, tasks  # noqa: PLC0415  (models are loaded by now)
        from evidence.models import EvidenceVersion, File, Read  # noqa: PLC0415
        from jobs.registry import every  # noqa: PLC0415
        from ledger import guards  # noqa: PLC0415
        from systems.ports import tells_facts  # noqa: PLC0415

        guards.protect(EvidenceVersion, File, Read)
        tells_facts(linked.facts)
        every(timedelta(days=1), "evidence-sweep", tasks.sweep_incoming)
