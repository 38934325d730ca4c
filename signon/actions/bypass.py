"""Note that an administrator came in by password although single sign-on is required."""

from django.db import transaction

from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims
from ledger.actions import record
from signon.events import BYPASSED
from signon.models import Rule


def note_bypass(aims: Aims, *, actor: Actor) -> None:
    """Record it, about the rule that was gone round."""
    with acting_in(aims, actor), transaction.atomic():
        record(BYPASSED, Rule.objects.get(), actor=actor)
