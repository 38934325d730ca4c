"""Import a register of AI systems from a CSV or XLSX file, through the same actions as the page."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from systems.actions.bring import import_register, plan_of_register, words_of
from systems.management.asking import RegistryCommand
from systems.registers.plan import VERDICTS, ImportPlan
from systems.registers.table import MOST_BYTES

NOT_ALL_TAKEN = 2


class Command(RegistryCommand):
    """Exit 0 when every row is in, 2 when rows were rejected (the others are in), 1 when the file cannot be read."""

    help = "Read a register of AI systems (CSV or XLSX), show what it would do, and take it in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the file and how its columns are meant."""
        parser.add_argument("file", type=Path, help="CSV in any encoding and with any delimiter, or XLSX")
        super().add_arguments(parser)
        self.add_writing(parser)
        parser.add_argument(
            "--mapping", type=Path, metavar="FILE", help="YAML that says which column fills which place"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Judge the file; write unless it is a dry run."""
        data = _read(options["file"])
        mapping = _read(options["mapping"]) if options["mapping"] else None
        with self.acting(options) as actor:
            words = words_of(mapping)
            if options["dry_run"]:
                plan = plan_of_register(data, words)
            else:
                plan = import_register(data, options["file"].name, words, actor=actor)
        if options["json"]:
            self.tell_json(plan.as_json() | {"dry_run": options["dry_run"], "applied": not options["dry_run"]})
        else:
            self._tell(plan, is_dry=options["dry_run"])
        if plan.rejected:
            sys.exit(NOT_ALL_TAKEN)

    def _tell(self, plan: ImportPlan, *, is_dry: bool) -> None:
        for header, place in plan.columns.as_json(plan.headers).items():
            self.stdout.write(f"{header[:70]} -> {place}")
        for row in plan.flagged:
            self.stdout.write(f"line {row.line}: {row.record['id']}: {' '.join(row.remarks)}")
        for each in plan.rejected:
            self.stderr.write(f"line {each.line}: {each.reason}")
        for line in plan.skipped:
            self.stdout.write(f"line {line}: the headers again, skipped")
        for place, count in plan.gaps.items():
            self.stdout.write(f"not said: {place} in {count} of {len(plan.rows)}")
        counts = ", ".join(f"{len(plan.of(verdict))} {verdict}" for verdict in VERDICTS)
        self.stdout.write(f"{counts}, {len(plan.flagged)} flagged, {len(plan.rejected)} rejected.")
        if is_dry:
            self.stdout.write("Nothing was written: this is a dry run.")


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"{path.name} is larger than 64 MB.")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path.name} cannot be read: {error.strerror}.") from error
