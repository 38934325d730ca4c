"""Import a register of risks from an XLSX, CSV or Markdown file, through the same actions as the page."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from assessments.actions import import_risks, plan_of_risks
from assessments.risk.intake.plan import VERDICTS, RiskPlan
from assessments.risk.intake.rows import Entry, Skipped
from assessments.risk.intake.tables import MOST_BYTES
from systems.management.asking import RegistryCommand

NOT_ALL_TAKEN = 2


class Command(RegistryCommand):
    """Exit 0 when every row is in, 2 when rows were rejected (the others are in), 1 when the file cannot be read."""

    help = "Read a register of risks (XLSX, CSV or Markdown), recompute every level, and take it in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the file, who acts, and how to answer."""
        parser.add_argument(
            "file", type=Path, help="XLSX, CSV in any encoding and with any delimiter, or Markdown tables"
        )
        super().add_arguments(parser)
        self.add_writing(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Judge the file; write unless it is a dry run."""
        data = _read(options["file"])
        codes: dict[int, str] = {}
        told = "Nothing was written: this is a dry run."
        with self.acting(options) as actor:
            if options["dry_run"]:
                plan = plan_of_risks(data, options["file"].name)
            else:
                done = import_risks(data, options["file"].name, actor=actor)
                plan, codes = done.plan, done.codes
                told = f"{done.added} registered, {done.changed} changed."
        if options["json"]:
            self.tell_json(plan.as_json(codes))
        else:
            self._tell(plan, told)
        if plan.of("rejected"):
            sys.exit(NOT_ALL_TAKEN)

    def _tell(self, plan: RiskPlan, told: str) -> None:
        for verdict in VERDICTS:
            rows = plan.of(verdict)
            self.stdout.write(f"{verdict}: {len(rows)}")
            for row in rows:
                if isinstance(row, Skipped):
                    self.stdout.write(f"  line {row.line}: {row.words} {row.reason}")
                elif verdict != "matched":
                    self.stdout.write(f"  line {row.line}: {row.id} {row.title[:60]}: {_why(row)}")
        self.stdout.write(told)


def _why(row: Entry) -> str:
    return " ".join((*row.refusals, *row.reasons))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"{path.name} is larger than 20 MB.")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path.name} cannot be read: {error.strerror}.") from error
