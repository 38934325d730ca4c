"""Verify the chain of one AIMS or of all, from the command line."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aims.models import Aims
from ledger.actions import check_log
from ledger.models import Log


class Command(BaseCommand):
    """Recompute leaves, gap-free numbers and root; runs even where the guards are gone, to say what was changed."""

    help = "Verify the governance chain; exit 1 when a record does not hold, and name the first."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the AIMS."""
        parser.add_argument("--aims", metavar="SLUG", help="the AIMS whose chain to verify (default: all)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print a line for each log and leave with 1 if any is at fault."""
        aims = self._aims(options["aims"])
        slugs = dict(aims.values_list("pk", "slug"))
        logs = Log.unscoped.order_by("pk")
        if options["aims"]:
            logs = logs.filter(aims_id__in=slugs)
        sound = [self._checked(log, slugs.get(log.aims_id, log.origin)) for log in logs]
        if not sound:
            self.stdout.write("Nothing has been recorded yet.")
        if not all(sound):
            sys.exit(1)

    def _aims(self, slug: str | None) -> Any:
        found = Aims.objects.filter(slug=slug) if slug else Aims.objects.all()
        if slug and not found.exists():
            raise CommandError(f"There is no AIMS with the slug {slug!r}.")
        return found

    def _checked(self, log: Log, name: str) -> bool:
        verdict = check_log(log)
        if verdict.is_sound:
            self.stdout.write(f"{name}: {verdict.size} records verified, root {verdict.root}")
        else:
            self.stdout.write(self.style.ERROR(f"{name}: {verdict.fault}"))
        return verdict.is_sound
