"""Back up database and files into a folder."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from accounts.refusals import Refusal
from backup.making import make_backup
from evidence.store import megabytes

WARNED = 3


class Command(BaseCommand):
    """Take a consistent backup while Assay runs; the folder is there whole or not at all."""

    help = "Back up the database, the stored files and what they have to be into a new folder; secrets are not in it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument(
            "--out", metavar="DIR", type=Path, required=True, help="a folder that is not there yet, or empty"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say what is in the backup and leave with 3 when something could not be."""
        out = options["out"].expanduser().absolute()
        try:
            made = make_backup(out)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read: {error}") from error
        about = made.about
        for log in about.logs:
            self.stdout.write(f"{log.aims or log.origin}: {log.size} records, root {log.root}")
        self.stdout.write(f"{about.files.count} files, {megabytes(about.files.bytes)}")
        self.stdout.write(f"{out}: backup.json has SHA-256 {made.mark}")
        for warning in made.warnings:
            self.stderr.write(self.style.WARNING(warning))
        if made.warnings:
            sys.exit(WARNED)
