"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """What it could do."""

    name = "assessments"

    def ready(self) -> None:
        """Tell the registry and changes what is linked to a system, ask at its gates; keep what decisions froze."""
        from aims.ports import shares  # noqa: PLC0415  (models load after the apps)
        from assessments import touched  # noqa: PLC0415
        from assessments.doubted import assessments_named, judgement_of, risks_named  # noqa: PLC0415
        from assessments.gate import assessed  # noqa: PLC0415
        from assessments.linked import assessments_of, risks_of  # noqa: PLC0415
        from assessments.models import Assessment  # noqa: PLC0415
        from assessments.screening.again import open_again  # noqa: PLC0415
        from assessments.shared import ASSESSMENTS  # noqa: PLC0415
        from changes.ports import tells_refreshed, touches  # noqa: PLC0415
        from incidents.ports import names_references, tells_judgements  # noqa: PLC0415
        from jobs.registry import every  # noqa: PLC0415
        from ledger import guards  # noqa: PLC0415
        from systems.ports import keeps_gate, tells_facts  # noqa: PLC0415

        tells_judgements(judgement_of)
        names_references("assessment", assessments_named)
        names_references("risk", risks_named)
        tells_facts(assessments_of)
        tells_facts(risks_of)
        keeps_gate(assessed)
        shares(ASSESSMENTS)
        touches(touched.assessments_touched)
        touches(touched.risks_touched)
        tells_refreshed(touched.refreshed)
        every(timedelta(days=1), "assessments.screenings", open_again)
        guards.keep(Assessment, "frozen", "digest")
