"""Replace the key of a log from the command line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ledger.keys import key_of
from trace.actions import rotate_key
from trace.commanding import acting, take_act


class Command(BaseCommand):
    """Let the log sign with a fresh key, and print it."""

    help = "Let a log sign with a fresh key from here on; older checkpoints stay valid."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which log, who acts, and why."""
        take_act(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Rotate, then print the new key in one line."""
        with acting(options["aims"], options["email"]) as actor:
            row = rotate_key(reason=options["reason"], actor=actor)
        self.stdout.write(f"The log signs with key {row.number} from here on:\n{key_of(row).text}")
