"""Write an impact assessment as a Markdown file."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from assessments.markdown.gathering import file_of
from assessments.models import Assessment
from systems.management.asking import RegistryCommand


class Command(RegistryCommand):
    """The same assessment is always the same bytes."""

    help = "Write an impact assessment as Markdown of six sections, to be kept in git and taken in again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the assessment and the file."""
        parser.add_argument("ref", metavar="REF", help="such as IA-2026-08@1.3; without an edition, the newest")
        super().add_arguments(parser)
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="the person who exports; nobody is needed")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write, and tell what was written."""
        with self.acting(options | {"dry_run": True}):
            code, _at, edition = options["ref"].removeprefix("assessment:").partition("@")
            rows = Assessment.objects.filter(code=code, **({"edition": edition} if edition else {}))
            row = rows.select_related("system", "criteria", "decided_by").order_by("pk").last()
            if row is None:
                raise CommandError(f"There is no assessment {options['ref']} in {options['aims']}.")
            text = file_of(row)
        try:
            options["out"].write_bytes(text.encode())
        except OSError as error:
            raise CommandError(f"{options['out']} cannot be written: {error.strerror}.") from error
        if options["json"]:
            self.tell_json({"assessment": row.ref_code, "out": str(options["out"])})
        else:
            self.stdout.write(f"{row.ref_code} is written to {options['out']}.")
