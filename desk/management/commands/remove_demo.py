"""Remove the demo organisation from the command line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import Refusal
from aims.models import Aims
from aims.queries import actor_for
from desk.actions import remove_demo


class Command(BaseCommand):
    """Take the demo out of sight; its chain stays and still verifies."""

    help = "Remove the demo organisation: nothing is deleted, its people can no longer sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who removes it."""
        parser.add_argument("--as", dest="email", metavar="EMAIL", required=True, help="who removes it")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Remove it in the name of one of its administrators or compliance officers."""
        aims = Aims.objects.filter(is_demo=True, removed_at__isnull=True).first()
        if aims is None:
            raise CommandError("There is no demo organisation here.")
        user = User.objects.filter(email__iexact=options["email"]).first()
        actor = actor_for(user, aims, auth_method="command line") if user else None
        if actor is None:
            raise CommandError(f"{options['email']} holds no role in {aims.organisation}.")
        try:
            with acting_in(aims, actor):
                remove_demo(aims, actor=actor)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{aims.organisation} was removed.")
