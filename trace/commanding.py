"""What commands on one log share: which AIMS, in whose name, and why."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from accounts.actor import Actor
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import Refusal
from aims.models import Aims
from aims.queries import actor_for


def take_log(parser: ArgumentParser) -> None:
    """Take which log."""
    parser.add_argument("--aims", metavar="SLUG", required=True, help="the AIMS whose log it is")


def take_act(parser: ArgumentParser) -> None:
    """Take which log, who acts, and why."""
    take_log(parser)
    parser.add_argument("--as", dest="email", metavar="EMAIL", required=True, help="the administrator who does it")
    parser.add_argument("--reason", metavar="TEXT", required=True, help="why; it stays in the chain")


def aims_named(slug: str) -> Aims:
    """Return the AIMS, raising CommandError for one that is not there."""
    aims = Aims.objects.filter(slug=slug).first()
    if aims is None:
        raise CommandError(f"There is no AIMS with the slug {slug!r}.")
    return aims


@contextmanager
def acting(slug: str, email: str) -> Iterator[Actor]:
    """Act in the AIMS as the person of this address; refusals are told in their own words."""
    aims = aims_named(slug)
    user = User.objects.filter(email__iexact=email).first()
    actor = actor_for(user, aims, auth_method="command line") if user else None
    if actor is None:
        raise CommandError(f"{email} holds no role in {aims.organisation}.")
    try:
        with acting_in(aims, actor):
            yield actor
    except Refusal as refusal:
        raise CommandError(refusal.message) from refusal
