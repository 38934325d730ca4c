"""Set a record that is not ours aside from the command line."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ledger.models import Record
from trace.actions import set_aside
from trace.commanding import acting, take_act


class Command(BaseCommand):
    """Let a halted log go on without a record that Assay did not write."""

    help = "Set aside an unsealed record that Assay did not write; the log goes on without it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which record, in which log, who acts, and why."""
        parser.add_argument(
            "event_id", type=UUID, metavar="EVENT_ID", help="the id of the record, as the alarm names it"
        )
        take_act(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Set it aside."""
        with acting(options["aims"], options["email"]) as actor:
            row = Record.objects.filter(event_id=options["event_id"]).first()
            if row is None:
                raise CommandError(f"There is no record {options['event_id']} in this log.")
            set_aside(row, reason=options["reason"], actor=actor)
        self.stdout.write(f"Record {options['event_id']} is set aside. The log goes on.")
