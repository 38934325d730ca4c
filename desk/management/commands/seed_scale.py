"""Fill an empty installation with many organisations, to measure it under load."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.refusals import Refusal
from desk.scale.seed import GIVEN, Scale, seed

FILE = "scale-sign-in.txt"


class Command(BaseCommand):
    """Add organisations, evidence and history in bulk, and write one password for all their officers."""

    help = "Fill an empty installation with many organisations, to measure it under load."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how much there is to be of everything, in all."""
        parser.add_argument("--aims", type=int, default=200, help="organisations")
        parser.add_argument("--evidence", type=int, default=100_000, help="items of evidence, over all of them")
        parser.add_argument("--history", type=int, default=1_000_000, help="history rows, over all of them")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Seed, and say where the sign-ins are; refuse numbers that cannot be met."""
        scale = Scale(options["aims"], options["evidence"], options["history"])
        if scale.aims < 1 or scale.evidence < scale.aims * GIVEN or scale.history < 0:
            raise CommandError(f"Ask for at least one organisation and {GIVEN} items of evidence for each.")
        password = secrets.token_urlsafe(12)
        try:
            slugs = [aims.slug for aims in seed(scale, password, tell=self._tell(scale.aims))]
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        place = _write(slugs, password)
        self.stdout.write(f"\n{len(slugs)} organisations. Sign-ins: {place}")

    def _tell(self, whole: int) -> Any:
        def tell(done: int) -> None:
            self.stdout.write(f"\r{done} of {whole} organisations", ending="")
            self.stdout.flush()

        return tell


def _write(slugs: list[str], password: str) -> Path:
    """Write `slug email password`, a line for each organisation, into a file that only its owner reads."""
    path = Path(settings.ASSAY_DATA) / FILE
    draft = path.with_name(f"{FILE}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{slug} {slug}@example.org {password}\n" for slug in slugs)
    return draft.replace(path)
