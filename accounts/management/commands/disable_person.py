"""`manage.py disable_person`: shut somebody out of this installation, at once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import disable_person, enable_person
from accounts.models import User


class Command(BaseCommand):
    """End a person's sessions and close their tokens; what they did stays, with its author."""

    help = "Shut a person out: sessions and tokens end at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say who."""
        parser.add_argument("email", help="the address with which the person signs in")
        parser.add_argument("--undo", action="store_true", help="let the person in again")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Disable the person, or enable them again."""
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("Nobody signs in with this address.")
        if options["undo"]:
            enable_person(user)
            self.stdout.write(f"{user.email} can sign in again.")
        else:
            disable_person(user)
            self.stdout.write(f"{user.email} is shut out: sessions and tokens have ended.")
