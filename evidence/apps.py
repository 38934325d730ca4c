"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """What proves it."""

    name = "evidence"

    def ready(self) -> None:
        """Let the database refuse changes to what was given; tell the registry; sweep and check every night."""
        from aims.ports import shares  # noqa: PLC0415  (models are loaded by now)
        from changes.ports import touches  # noqa: PLC0415
        from evidence import linked, ports, tasks  # noqa: PLC0415
        from evidence.actions.check import KIND  # noqa: PLC0415
        from evidence.actions.examine import KIND as EXAMINE  # noqa: PLC0415
        from evidence.actions.review import KIND as REVIEW  # noqa: PLC0415
        from evidence.actions.suggest import KIND as MATCH  # noqa: PLC0415
        from evidence.examining import job as examining  # noqa: PLC0415
        from evidence.integrity import job, kept  # noqa: PLC0415
        from evidence.matching import job as matching  # noqa: PLC0415
        from evidence.models import EvidenceVersion, File, IntegrityCheck, Read, Scan  # noqa: PLC0415
        from evidence.review import job as reviewing  # noqa: PLC0415
        from evidence.shared import EVIDENCE  # noqa: PLC0415
        from evidence.touched import evidence_touched  # noqa: PLC0415
        from jobs.registry import every, handles  # noqa: PLC0415
        from ledger import guards  # noqa: PLC0415
        from systems.ports import tells_facts  # noqa: PLC0415

        guards.protect(EvidenceVersion, File, Read, IntegrityCheck, Scan)
        tells_facts(linked.facts)
        shares(EVIDENCE)
        touches(evidence_touched)
        ports.stores_files(kept.evidence_files)
        handles(KIND, job.work, job.finish)
        handles(EXAMINE, examining.work, examining.finish)
        handles(REVIEW, reviewing.work, reviewing.finish)
        handles(MATCH, matching.work, matching.finish)
        every(timedelta(days=1), "evidence-sweep", tasks.sweep_incoming)
        every(timedelta(days=1), KIND, job.ask_nightly)
        every(timedelta(days=1), EXAMINE, examining.ask_nightly)
        every(timedelta(days=1), REVIEW, reviewing.ask_nightly)
