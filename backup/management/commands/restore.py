"""Bring a backup back."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.refusals import Refusal
from backup.restoring import plan, restore
from trace.checking import check_logs, lines_of


class Command(BaseCommand):
    """Restore database and files from a backup, after everything that can be checked was checked."""

    help = "Restore the database and the stored files from a backup; exit 1 when it cannot be, or does not verify."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder and how far to go."""
        parser.add_argument("folder", metavar="DIR", type=Path, help="the folder that backup made")
        parser.add_argument("--verify", action="store_true", help="then verify every log, frozen thing and stored file")
        parser.add_argument("--over", action="store_true", help="put it in the place of records, which are lost")
        parser.add_argument("--without-secrets", action="store_true", help="even though a secret is another one")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check, say what it costs, restore, say what is left to do, verify."""
        folder = options["folder"].expanduser().absolute()
        try:
            about, costs = plan(folder, is_over=options["over"], is_without_secrets=options["without_secrets"])
            for cost in costs:
                self.stderr.write(self.style.WARNING(cost))
            restored = restore(folder, about)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Restored the backup of {about.made_at}: logs {len(about.logs)}, files {about.files.count}.")
        for note in restored.notes:
            self.stderr.write(self.style.WARNING(note))
        for fault in restored.faults:
            self.stderr.write(self.style.ERROR(fault))
        if not options["verify"]:
            self.stdout.write("Not verified yet: manage.py verify_chain --deep does.")
        if restored.faults or (options["verify"] and not self._verified()):
            sys.exit(1)

    def _verified(self) -> bool:
        sound = True
        for checked in check_logs(is_deep=True):
            for line, is_fault in lines_of(checked):
                self.stdout.write(self.style.ERROR(line) if is_fault else line)
            sound = sound and checked.is_sound
        return sound
