"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """What went wrong."""

    name = "incidents"

    def ready(self) -> None:
        """Keep the gate to operation, show incidents on systems, follow edits, remind of duties, guard the timeline."""
        from incidents.actions.reckon import hear_of_edit, hear_of_many  # noqa: PLC0415  (models load after the apps)
        from incidents.evaluating import passed  # noqa: PLC0415
        from incidents.gate import asks_before_operation  # noqa: PLC0415
        from incidents.linked import incidents_of  # noqa: PLC0415
        from incidents.models import Containment, Drill, IncidentNote  # noqa: PLC0415
        from incidents.ports import tells_evaluations  # noqa: PLC0415
        from incidents.reminding import SCHEDULE, remind_all  # noqa: PLC0415
        from jobs import registry  # noqa: PLC0415
        from ledger import guards  # noqa: PLC0415
        from systems.ports import hears_of_edits, keeps_gate, tells_facts  # noqa: PLC0415

        guards.protect(IncidentNote, Containment, Drill)
        tells_evaluations(passed)
        keeps_gate(asks_before_operation)
        tells_facts(incidents_of)
        hears_of_edits(hear_of_edit, of_many=hear_of_many)
        registry.every(timedelta(hours=1), SCHEDULE, remind_all)
