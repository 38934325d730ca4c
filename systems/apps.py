"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig


class SystemsConfig(AppConfig):
    """What AI we run."""

    name = "systems"

    def ready(self) -> None:
        """Judge systems by policies after edits, nightly and when asked; look for statements that run out."""
        from jobs.registry import every, handles  # noqa: PLC0415  (models are loaded by now)
        from ledger import guards  # noqa: PLC0415
        from policies import ports as of_policies  # noqa: PLC0415
        from systems.actions import tell_of_completeness  # noqa: PLC0415
        from systems.actions.judge import KIND  # noqa: PLC0415
        from systems.judging import gate, job, shown  # noqa: PLC0415
        from systems.models import JudgingRun, PolicyResult  # noqa: PLC0415
        from systems.ports import hears_of_edits, keeps_gate, shows_on_system  # noqa: PLC0415

        guards.protect(JudgingRun, PolicyResult)
        handles(KIND, job.work, job.finish)
        every(timedelta(days=1), KIND, job.ask_nightly)
        hears_of_edits(job.hear_of_edit, of_many=job.hear_of_many)
        keeps_gate(gate.policy_checks)
        shows_on_system(shown.section)
        of_policies.hears_of_policies(job.hear_of_policies)
        of_policies.holds_subjects(shown.SUBJECTS)
        every(timedelta(days=1), "systems.completeness", tell_of_completeness)
