"""Name, change and take out affected individuals, groups and societies (A.5.4, A.5.5)."""

from typing import TypedDict, Unpack

from django.db import transaction

from accounts import clock
from accounts.actor import Actor
from assessments.actions.shared import changed, made, opened
from assessments.events import PARTY_ADDED, PARTY_EDITED, PARTY_WITHDRAWN
from assessments.models import AffectedParty, Assessment


class PartyFields(TypedDict, total=False):
    """What is said of an affected party; `per_year` counts people."""

    kind: str
    name: str
    per_year: int | None
    heard: str
    can_opt_out: str
    is_vulnerable: bool


@transaction.atomic
def add_party(assessment: Assessment, *, actor: Actor, **fields: Unpack[PartyFields]) -> AffectedParty:
    """Name someone whom the system touches."""
    owner = opened(assessment, actor)
    return made(AffectedParty(aims_id=owner.aims_id, assessment=owner, **fields), PARTY_ADDED, actor=actor)


@transaction.atomic
def edit_party(party: AffectedParty, *, seen: int, actor: Actor, **fields: Unpack[PartyFields]) -> AffectedParty:
    """Save what differs."""
    return changed(_held(party, actor), PARTY_EDITED, seen=seen, actor=actor, **fields)


@transaction.atomic
def withdraw_party(party: AffectedParty, *, seen: int, actor: Actor) -> AffectedParty:
    """Take a party out of the assessment; its history stays."""
    return changed(_held(party, actor), PARTY_WITHDRAWN, seen=seen, actor=actor, withdrawn_at=clock.now())


def _held(party: AffectedParty, actor: Actor) -> AffectedParty:
    opened(party.assessment, actor)
    return AffectedParty.objects.select_for_update().get(pk=party.pk, withdrawn_at__isnull=True)
