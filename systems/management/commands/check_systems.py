"""Check records of AI systems in files; `manage.py` comes here without the rest of the application, see there."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from systems.check.command import add_arguments, run


class Command(BaseCommand):
    """The same as `python -m systems.check`, for whoever calls it from within."""

    help = (
        "Check records of AI systems in files by schema and policies, without a database; exit 1 if any is not allowed."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the paths, the policies and the format."""
        add_arguments(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what was found, and leave with 1 if anything was."""
        status = run(options)
        if status:
            sys.exit(status)
