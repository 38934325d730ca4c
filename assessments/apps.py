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
        from assessments.doubted import assessments_named, risks_named  # noqa: PLC0415
        from assessments.gate import assessed  # noqa: PLC0415
        from assessments.linked import assessments_of, risks_of  # noqa: PLC0415
        from assessments.models import Assessment, TreatmentPlan  # noqa: PLC0415
        from assessments.screening.again import open_again  # noqa: PLC0415
        from assessments.shared import ASSESSMENTS  # noqa: PLC0415
        from assessments.shown import judgement_over_time, law_beside  # noqa: PLC0415
        from changes.ports import tells_refreshed, touches  # noqa: PLC0415
        from incidents.ports import names_references  # noqa: PLC0415
        from jobs.registry import every  # noqa: PLC0415
        from ledger import guards  # noqa: PLC0415
        from systems.ports import keeps_gate, shows_on_system, tells_facts  # noqa: PLC0415

        names_references("assessment", assessments_named)
        names_references("risk", risks_named)
        tells_facts(assessments_of)
        tells_facts(risks_of)
        shows_on_system(judgement_over_time)
        shows_on_system(law_beside)
        keeps_gate(assessed)
        shares(ASSESSMENTS)
        touches(touched.assessments_touched)
        touches(touched.risks_touched)
        tells_refreshed(touched.refreshed)
        every(timedelta(days=1), "assessments.screenings", open_again)
        guards.keep(Assessment, "frozen", "digest")
        guards.keep(TreatmentPlan, "frozen", "digest")
        self._hear()

    def _hear(self) -> None:
        """Hear of everything after which a judgement may no longer hold."""
        from aims.ports import Obliged, hears_of  # noqa: PLC0415
        from assessments.triggers import hearing, job  # noqa: PLC0415
        from changes.ports import hears_said  # noqa: PLC0415
        from incidents.ports import hears_of_doubt  # noqa: PLC0415
        from jobs.registry import every, handles  # noqa: PLC0415
        from operations.ports import hears_of_crossings  # noqa: PLC0415
        from systems.ports import hears_of_edits, hears_of_moves  # noqa: PLC0415

        hears_of_edits(hearing.on_edit, of_many=hearing.on_edits)
        hears_of_moves(hearing.on_move)
        hears_of_doubt(hearing.on_doubt)
        hears_of_crossings(hearing.on_crossing)
        hears_of(Obliged, hearing.on_obligation)
        hears_said(hearing.on_said)
        handles(job.KIND, job.work, job.finish)
        every(timedelta(days=1), job.KIND, job.ask_nightly)
