"""What the commands of this room share: whom they act for, in which AIMS, and how they answer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actor import Actor, service
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import Refusal
from aims.models import Aims
from aims.queries import actor_for


class RegistryCommand(BaseCommand):
    """A command on the systems of one AIMS: `--json` prints one document on standard output and nothing else."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Print a reason for refusing as JSON too, where JSON was asked for."""
        try:
            return super().execute(*args, **options)
        except CommandError as error:
            if options.get("json"):
                self.tell_json({"error": str(error)})
            raise

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the AIMS, and how to answer."""
        parser.add_argument("--aims", required=True, metavar="SLUG", help="the management system")
        parser.add_argument("--json", action="store_true", help="print one JSON document on standard output")

    def add_writing(self, parser: CommandParser) -> None:
        """Name who acts, or only look."""
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="the person who acts")
        parser.add_argument("--dry-run", action="store_true", help="show what would happen and write nothing")

    @contextmanager
    def acting(self, options: dict[str, Any]) -> Iterator[Actor]:
        """Enter the AIMS as whoever is named; a dry run needs nobody. Refusals become plain errors."""
        aims = Aims.objects.filter(slug=options["aims"], removed_at__isnull=True).first()
        if aims is None:
            raise CommandError(f"There is no AIMS called {options['aims']}.")
        if not (options["dry_run"] or options["email"]):
            raise CommandError("Say who acts with --as EMAIL, or look first with --dry-run.")
        actor = _person(options["email"], aims) if options["email"] else service("registry")
        try:
            with acting_in(aims, actor):
                yield actor
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal

    def tell_json(self, told: dict[str, Any]) -> None:
        """Print one document."""
        self.stdout.write(json.dumps(told, ensure_ascii=False))


def _person(email: str, aims: Aims) -> Actor:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    actor = actor_for(user, aims, auth_method="command line") if user else None
    if actor is None:
        raise CommandError(f"{email} holds no role in {aims.slug}.")
    return actor
