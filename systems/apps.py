"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig


class SystemsConfig(AppConfig):
    """What AI we run."""

    name = "systems"

    def ready(self) -> None:
        """Have records judged and what follows from them derived; look for statements of completeness that run out."""
        self._judge()
        self._derive()
        self._keep_gates()
        from jobs.registry import every  # noqa: PLC0415  (models are loaded by now)
        from systems.actions import tell_of_completeness  # noqa: PLC0415

        every(timedelta(days=1), "systems.completeness", tell_of_completeness)

    def _judge(self) -> None:
        """Judge systems by policies after edits, nightly and when asked."""
        from jobs.registry import every, handles  # noqa: PLC0415
        from ledger import guards  # noqa: PLC0415
        from policies import ports as of_policies  # noqa: PLC0415
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

    def _derive(self) -> None:
        """Derive what follows from a record at every edit, and from all of them when the rules are new."""
        from jobs.registry import at_start  # noqa: PLC0415
        from systems.applying.actions import derive_all, on_edit  # noqa: PLC0415
        from systems.applying.linked import facts  # noqa: PLC0415
        from systems.ports import hears_of_edits, tells_facts  # noqa: PLC0415

        hears_of_edits(on_edit)
        tells_facts(facts)
        at_start("systems.derive", derive_all)

    def _keep_gates(self) -> None:
        """Keep the gates of the life cycle, and have the database hold what was signed."""
        from aims.walls import keeps_rows  # noqa: PLC0415
        from ledger import guards  # noqa: PLC0415
        from systems.lifecycle import holding, keepers  # noqa: PLC0415
        from systems.models import Advice, Signature  # noqa: PLC0415
        from systems.ports import keeps_gate  # noqa: PLC0415

        guards.protect(Signature, Advice)
        keeps_rows(*holding.rules())
        for keeper in keepers.KEEPERS:
            keeps_gate(keeper)
