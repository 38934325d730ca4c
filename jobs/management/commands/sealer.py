"""The sealer: numbers records and signs checkpoints, and nothing else, so that it alone needs the role that may."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jobs.beating import beat_until_stopped
from ledger.actions import seal_waiting, sign_grown


class Command(BaseCommand):
    """Beat every second; any number of sealers may run, each log's head is held by one."""

    help = "Number records and sign checkpoints until stopped; for where the ticker runs with --no-seal."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the pause between beats."""
        parser.add_argument("--seconds", type=float, default=1.0, help="pause between beats (default 1)")
        parser.add_argument("--once", action="store_true", help="beat once and stop")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Beat until SIGTERM or Ctrl-C."""
        steps = (seal_waiting, sign_grown)
        beat_until_stopped("sealer", steps, seconds=options["seconds"], is_once=options["once"])
