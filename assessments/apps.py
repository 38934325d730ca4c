"""The room's registration with Django."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """What it could do."""

    name = "assessments"

    def ready(self) -> None:
        """Tell the registry what is linked to a system, ask at its gates; have the database keep what was frozen."""
        from aims.ports import shares  # noqa: PLC0415  (models load after the apps)
        from assessments.gate import assessed  # noqa: PLC0415
        from assessments.linked import assessments_of, risks_of  # noqa: PLC0415
        from assessments.models import Assessment  # noqa: PLC0415
        from assessments.shared import ASSESSMENTS  # noqa: PLC0415
        from ledger import guards  # noqa: PLC0415
        from systems.ports import keeps_gate, tells_facts  # noqa: PLC0415

        tells_facts(assessments_of)
        tells_facts(risks_of)
        keeps_gate(assessed)
        shares(ASSESSMENTS)
        guards.keep(Assessment, "frozen", "digest")
