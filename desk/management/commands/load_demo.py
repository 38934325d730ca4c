"""Load the demo organisation from the command line; `make run` does so on the first start."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.refusals import Refusal
from aims.models import Aims
from desk.actions import renew_passwords
from desk.demo.load import demo, load_demo
from desk.demo.sign_in import removed_file, sign_in_file


class Command(BaseCommand):
    """Make Meridian Assist Ltd with 15 months of history that end today, and write who can sign in."""

    help = "Load the demo organisation and write demo-sign-in.txt into the data folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how to go about what is there already."""
        parser.add_argument("--if-first-start", action="store_true", help="only where no organisation ever was")
        parser.add_argument("--new-passwords", action="store_true", help="give the demo's people new passwords")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, or renew the passwords, or say why not."""
        if options["if_first_start"] and not _is_first_start():
            return self._warn_of_missing_file()
        try:
            return self._renew() if options["new_passwords"] else self._load()
        except Refusal as refusal:
            raise CommandError(refusal.message + self._hint()) from refusal

    def _load(self) -> None:
        loaded = load_demo()
        self.stdout.write(f"{loaded.aims.organisation}: {loaded.acts} acts. Sign-ins: {sign_in_file()}")

    def _renew(self) -> None:
        renew_passwords()
        self.stdout.write(f"New passwords: {sign_in_file()}")

    def _hint(self) -> str:
        return " " + NO_FILE if _lost_its_file() else ""

    def _warn_of_missing_file(self) -> None:
        if _lost_its_file():
            self.stderr.write(NO_FILE)


NO_FILE = "The file with the demo's sign-ins is gone: load_demo --new-passwords writes a new one."


def _is_first_start() -> bool:
    return os.environ.get("DEMO", "1") != "0" and not removed_file().exists() and not Aims.objects.exists()


def _lost_its_file() -> bool:
    aims = demo()
    return aims is not None and aims.removed_at is None and not sign_in_file().exists()
