"""Print the newest checkpoint of a log, for keeping where nobody of the organisation can change it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.refusals import Refusal
from ledger.actions import checkpoint
from ledger.actions.seal import seal_all
from trace.commanding import aims_named, take_log


class Command(BaseCommand):
    """Sign the log if it grew, and print the signed note with nothing around it."""

    help = "Print the newest checkpoint of a log as it was signed; signs now if the log grew."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which log."""
        take_log(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Number what waits, sign, print."""
        aims = aims_named(options["aims"])
        try:
            seal_all(aims.pk, wait=True)
            self.stdout.write(checkpoint(aims.pk).text, ending="")
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
