"""Take an impact assessment in from a Markdown file."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import Q

from assessments.actions.bring import NotBringable, import_assessment
from assessments.markdown.plan import Plan, plan_of
from assessments.markdown.reading import MOST_BYTES
from assessments.models import Assessment
from systems.management.asking import RegistryCommand
from systems.models import AiSystem


class Command(RegistryCommand):
    """Exit 1 when the file does not fit: each line and reason is told, and nothing was changed."""

    help = "Read an impact assessment of six sections from Markdown, show what it would do, and take it in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the file and the system."""
        parser.add_argument("file", type=Path, metavar="FILE")
        super().add_arguments(parser)
        parser.add_argument("--system", required=True, metavar="ID", help="the AI system, by its code or its id")
        self.add_writing(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Judge the file; write unless it is a dry run."""
        content = _read(options["file"])
        row: Assessment | None = None
        with self.acting(options) as actor:
            named = options["system"].removeprefix("system:")
            system = AiSystem.objects.filter(Q(code__iexact=named) | Q(key=named)).first()
            if system is None:
                raise CommandError(f"There is no AI system {options['system']} in {options['aims']}.")
            try:
                if options["dry_run"]:
                    plan = plan_of(content, system)
                else:
                    plan, row = import_assessment(content, system, name=options["file"].name, actor=actor)
            except NotBringable as refusal:
                plan = refusal.plan
            is_applied = not options["dry_run"] and not plan.faults
            if options["json"]:
                told = plan.as_json() | {"dry_run": options["dry_run"], "applied": is_applied}
                self.tell_json(told | ({"assessment": row.ref_code} if row else {}))
            else:
                self._tell(plan, row, is_dry=options["dry_run"])
        if plan.faults:
            sys.exit(1)

    def _tell(self, plan: Plan, row: Assessment | None, *, is_dry: bool) -> None:
        for note in plan.notes:
            self.stdout.write(str(note))
        for one in plan.flagged:
            self.stdout.write(f"line {one['line']}: impact {one['id']}: {' '.join(one['reasons'])}")
        for fault in plan.faults:
            self.stderr.write(str(fault))
        if plan.faults:
            self.stderr.write(f"{_counted(len(plan.faults), 'fault')}. Nothing was changed.")
            return
        parties = _counted(len(plan.document.parties), "party", "parties")
        counts = f"{parties}, {_counted(len(plan.rows), 'impact')}, {len(plan.flagged)} flagged"
        end = "Nothing was written: this is a dry run." if is_dry else f"{row.ref_code if row else ''}"
        self.stdout.write(f"{plan.verdict}: {counts}. {end}")


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"{path.name} is larger than 2 MB; one assessment is not.")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path.name} cannot be read: {error.strerror}.") from error


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"
