"""Verify the chain of one AIMS or of all, from the command line."""

import json
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aims.models import Aims
from trace.checking import Checked, check_logs, lines_of


class Command(BaseCommand):
    """Recompute leaves, gap-free numbers and root; runs even where the guards are gone, to say what was changed."""

    help = "Verify the governance chain; exit 1 when anything does not hold, and name it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the AIMS, how far to go and how to answer."""
        parser.add_argument("--aims", metavar="SLUG", default="", help="the AIMS whose chain to verify (default: all)")
        parser.add_argument(
            "--deep",
            action="store_true",
            help="also hash every stored file again, and hold what was frozen against the chain",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON array on standard output")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say of each log whether it holds, and leave with 1 if any does not."""
        slug = options["aims"]
        if slug and not Aims.objects.filter(slug=slug).exists():
            raise CommandError(f"There is no AIMS with the slug {slug!r}.")
        checked = check_logs(slug, is_deep=options["deep"])
        sound = self._as_json(checked) if options["json"] else self._as_lines(checked)
        if not sound:
            sys.exit(1)

    def _as_json(self, checked: Iterator[Checked]) -> bool:
        found = list(checked)
        self.stdout.write(json.dumps([one.as_json for one in found], ensure_ascii=False, indent=1))
        return all(one.is_sound for one in found)

    def _as_lines(self, checked: Iterator[Checked]) -> bool:
        sound = []
        for one in checked:
            self._tell(one)
            sound.append(one.is_sound)
        if not sound:
            self.stdout.write("Nothing has been recorded yet.")
        return all(sound)

    def _tell(self, one: Checked) -> None:
        for line, is_fault in lines_of(one):
            self.stdout.write(self.style.ERROR(line) if is_fault else line)
