"""Bring the registry to what the YAML files below some folders say."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from systems.actions.sync import sync_systems, with_commits
from systems.management.asking import RegistryCommand
from systems.record.schema import dotted
from systems.sync.files import find
from systems.sync.plan import VERDICTS, SyncPlan, SyncRow, plan_of

LONGEST = 80


class Command(RegistryCommand):
    """Exit 1 when anything does not fit: then nothing was changed."""

    help = "Read AI systems from YAML files, show what differs from the registry, and apply it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the files and folders."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder of .yaml and .yml")
        super().add_arguments(parser)
        self.add_writing(parser)
        parser.add_argument("--source", default="", metavar="NAME", help="what to call the repository or folder")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Compare, apply unless it is a dry run, and tell."""
        with self.acting(options) as actor:
            found = find(options["paths"], name=options["source"])
            plan = plan_of(found)
            if not plan.faults:
                found = with_commits(found, plan)
                plan = plan_of(found) if options["dry_run"] else sync_systems(found, actor=actor)
        is_applied = not (options["dry_run"] or plan.faults)
        if options["json"]:
            self.tell_json(plan.as_json() | {"dry_run": options["dry_run"], "applied": is_applied})
        else:
            self._tell(plan, is_applied=is_applied)
        if plan.faults:
            sys.exit(1)

    def _tell(self, plan: SyncPlan, *, is_applied: bool) -> None:
        for fault in plan.faults:
            self.stderr.write(str(fault))
        if plan.faults:
            self.stderr.write(f"{len(plan.faults)} faults. Nothing was changed.")
            return
        for row in plan.rows:
            self._tell_row(row)
        counts = ", ".join(f"{len(plan.of(verdict))} {verdict}" for verdict in VERDICTS if plan.of(verdict))
        end = "Applied." if is_applied else "Nothing was written: this is a dry run."
        counts = counts or "No .yaml or .yml file stands here"
        self.stdout.write(f"{counts}. {end if plan.news else 'Nothing changed.'}")

    def _tell_row(self, row: SyncRow) -> None:
        if row.verdict != "unchanged" or row.notes or row.is_kept_anew:
            self.stdout.write(f"{row.verdict}: {row.key} ({row.shown})")
        for each in row.places:
            self.stdout.write(f"  {dotted(each.path)}: {_short(each.before)} -> {_short(each.after)}")
        for note in row.notes:
            self.stdout.write(f"  {note}")


def _short(value: Any) -> str:
    said = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 3]}..."
