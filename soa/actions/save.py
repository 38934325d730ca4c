"""Save a row as its editor holds it: the decision and what goes with it, in one transaction."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.actor import Actor
from soa.actions.amend import amend
from soa.actions.decide import decide
from soa.models import Applicability, Entry


@transaction.atomic
def save_row(entry: Entry, fields: Mapping[str, Any], *, seen: int, actor: Actor) -> Entry:
    """Decide when the decision is among the fields and differs, then amend the rest; each leaves its own record."""
    rest = dict(fields)
    applicability = rest.pop("applicability", None)
    if applicability and applicability != entry.applicability:
        why, reasons = rest.pop("why", None), rest.pop("reasons", None)
        entry = decide(entry, Applicability(applicability), why=why, reasons=reasons, seen=seen, actor=actor)
        if entry.applicability != Applicability.EXCLUDED:
            rest.pop("expires_on", None)
    return amend(entry, rest, seen=seen, actor=actor)
