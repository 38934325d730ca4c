"""Print the newest checkpoint of a log, for keeping where nobody of the organisation can change it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.refusals import Refusal
from ledger.actions import checkpoint, seal_all
from ledger.actions.seal import or_leave
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
            is_signed = or_leave(aims.pk, self._sign)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        if not is_signed:
            raise CommandError("The log is busy, or this process may not sign: set DATABASE_SEALER_URL, or try again.")

    def _sign(self, aims_id: int) -> None:
        seal_all(aims_id, wait=True)
        self.stdout.write(checkpoint(aims_id).text, ending="")
