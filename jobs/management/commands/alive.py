"""Tell whether a worker, ticker or sealer of this machine is alive: what a container's health check asks."""

import socket
import sys
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import clock
from jobs.models import Heartbeat

KINDS = ("worker", "ticker", "sealer")


class Command(BaseCommand):
    """Leave with 0 when such a process said lately that it is alive, with 1 when none did."""

    help = "Exit 0 when a worker, ticker or sealer of this machine said lately that it is alive, else 1."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the kind and how long it may be silent."""
        parser.add_argument("kind", choices=KINDS, help="which process")
        parser.add_argument("--within", type=int, default=60, help="seconds it may be silent (default 60)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look for its heartbeat."""
        since = clock.now() - timedelta(seconds=options["within"])
        here = Heartbeat.objects.filter(kind=options["kind"], name__startswith=f"{socket.gethostname()}:")
        if not here.filter(beat_at__gte=since).exists():
            self.stderr.write(f"No {options['kind']} of this machine said in {options['within']} s that it is alive.")
            sys.exit(1)
