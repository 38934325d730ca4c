"""Bring the shipped catalogue into the database."""

from typing import Any

from django.core.management.base import BaseCommand

from controls.catalogue import catalogue_files, load


class Command(BaseCommand):
    """Idempotent: run at every start and after every upgrade."""

    requires_system_checks = []  # they import every address; the catalogue needs none
    help = "Load the clauses of ISO/IEC 42001 and the 38 controls of its Annex A, in our own words."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load every framework file and say what changed."""
        for path in catalogue_files():
            made, changed = load(path)
            self.stdout.write(f"{path.stem}: {made} new, {changed} changed")
