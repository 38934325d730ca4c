"""Ask for the lineage of anything from the command line."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actor import service
from accounts.context import acting_in
from accounts.refusals import Refusal
from aims.models import Aims
from trace.lineage.query import BOTH, DEEPEST, DEPTH, DIRECTIONS, lineage_of
from trace.lineage.telling import as_data, as_text


class Command(BaseCommand):
    """`lineage SUBJECT --aims SLUG [--json] [--direction back|forward|both] [--depth N]`; it only reads."""

    help = (
        "Tell what a thing rests on, back to system, data, assessment, authority and approvals, and what rests on it."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the subject, the AIMS, and how far to look."""
        parser.add_argument(
            "subject", metavar="SUBJECT", help="a reference such as entry:A.6.2.4, evidence:EV-023@3 or record:1234"
        )
        parser.add_argument("--aims", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")
        parser.add_argument("--direction", choices=DIRECTIONS, default=BOTH)
        parser.add_argument("--depth", type=_steps, default=DEPTH, metavar="N", help=f"steps to go, 1 to {DEEPEST}")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the answer; an unknown AIMS or subject is said and ends with 1."""
        aims = Aims.objects.filter(slug=options["aims"], removed_at__isnull=True).first()
        if aims is None:
            raise CommandError(f"There is no AIMS “{options['aims']}”.")
        try:
            with acting_in(aims, service("command line")):
                found = lineage_of(options["subject"], aims, direction=options["direction"], depth=options["depth"])
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(as_data(found), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(as_text(found)))


def _steps(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= DEEPEST):
        raise ArgumentTypeError(f"give 1 to {DEEPEST} steps")
    return int(text)
