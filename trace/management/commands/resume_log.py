"""Go on with a restored log from the command line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from trace.actions import resume_log
from trace.commanding import acting, take_act


class Command(BaseCommand):
    """Begin a new incarnation of a log that is older than a checkpoint that was signed."""

    help = "Resume a log after an older database was restored; what was lost is named in its first record."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which log, who acts, and why."""
        take_act(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Resume, then say what was restored and lost."""
        with acting(options["aims"], options["email"]) as actor:
            row = resume_log(reason=options["reason"], actor=actor)
        self.stdout.write(
            f"The log goes on as {row.origin} from record #{row.restored_size}; "
            f"a checkpoint over {row.lost_size} records was known."
        )
