"""The authority of a record, judged at its instant by the chain and the membership."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor, ActorKind, Authority, service
from accounts.clock import standing_at
from accounts.models import User
from accounts.roles import Role
from aims.actions import grant, revoke
from aims.authority import Exercised, authority_of, exercised_at
from aims.models import Aims, Membership
from aims.queries import actor_for
from aims.standing import Fault
from ledger.actions import seal
from ledger.actions.record import record
from ledger.events import Event, known_events
from ledger.models import Leaf, Record
from tests.aims.make import an_obligation
from tests.make import a_person, an_organisation

pytestmark = pytest.mark.db_both
OBLIGED, APPROVED = "obligation.recorded", "version.approved"
DAY = timedelta(days=1)
NOON = datetime(2030, 6, 3, 12, tzinfo=UTC)


def an_event(name: str) -> Event:
    """A declared event."""
    return known_events()[name]


@pytest.fixture
def acting(aims: Aims, officer: Actor) -> Actor:
    """Somebody who was made an officer by the founder on 3 June 2030 at noon."""
    user = a_person("Ana Lima")
    with standing_at(NOON):
        grant(user, Role.OFFICER, actor=officer)
        actor = actor_for(user, aims, auth_method="password")
    assert actor is not None
    seal(aims.pk)
    return actor


def done(actor: Actor, at: datetime = NOON + DAY, event: str = OBLIGED) -> Record:
    """A record of an act of this person, sealed."""
    row = Membership.objects.first()
    assert row is not None
    with standing_at(at):
        made = record(an_event(event), row, actor=actor)
    seal(made.aims_id)
    return made


def held(made: Record) -> Exercised:
    """The authority of one record."""
    return authority_of([made])[made.pk]


def membership_of(actor: Actor) -> Membership:
    """The membership that an actor holds."""
    row: Membership = Membership.objects.get(user=actor.user_id)
    return row


def grant_number(row: Membership) -> int:
    """The number of the record that granted a membership."""
    return Leaf.objects.get(record__subject=row.ref, record__event="membership.granted").number


def revoked(actor: Actor, by: Actor, at: datetime) -> None:
    """Take the membership back at an instant."""
    row = membership_of(actor)
    with standing_at(at):
        revoke(row, reason="left", seen=row.version, actor=by)
    seal(row.aims_id)


def test_an_authority_that_held_is_told_with_its_grant(acting: Actor, officer: Actor) -> None:
    told = held(done(acting))
    number = grant_number(membership_of(acting))
    assert told.valid_then
    assert (told.role, told.label, told.scope) == ("officer", "Compliance officer", "whole AIMS")
    assert (told.granted_by, told.granted_in, told.expires) == (officer.name, number, None)
    assert told.words == f"Compliance officer, granted by {officer.name} in #{number}, valid then"


@pytest.mark.parametrize(
    ("revoked_on", "fault"),
    [(NOON + 2 * DAY, Fault.NONE), (NOON + DAY + timedelta(seconds=1), Fault.NONE), (NOON + DAY / 2, Fault.REVOKED)],
)
def test_revoked_before_or_after(acting: Actor, officer: Actor, revoked_on: datetime, fault: Fault) -> None:
    if fault:
        revoked(acting, officer, revoked_on)
        told = held(done(acting))
        assert told.words.endswith("before this")
        assert "but revoked on 4 Jun 2030 in #" in told.words
    else:
        made = done(acting)
        revoked(acting, officer, revoked_on)
        told = held(made)
    assert told.fault is fault


@pytest.mark.parametrize("is_act_first", [True, False])
def test_in_one_instant_the_chain_says_which_came_first(acting: Actor, officer: Actor, is_act_first: bool) -> None:
    at = NOON + DAY
    if is_act_first:
        made = done(acting, at)
        revoked(acting, officer, at)
    else:
        revoked(acting, officer, at)
        made = done(acting, at)
    assert held(made).valid_then == is_act_first


def test_a_revocation_that_was_wiped_from_the_row_still_stands_in_the_chain(acting: Actor, officer: Actor) -> None:
    revoked(acting, officer, NOON + DAY / 2)
    Membership.objects.filter(pk=membership_of(acting).pk).update(revoked_at=None)
    assert held(done(acting)).fault is Fault.REVOKED


def test_a_revocation_that_only_the_row_knows_counts_too(acting: Actor) -> None:
    Membership.objects.filter(pk=membership_of(acting).pk).update(revoked_at=NOON + DAY / 2)
    told = held(done(acting))
    assert told.words.endswith("but revoked on 4 Jun 2030, before this")


@pytest.mark.parametrize(("until", "fault"), [(NOON + 2 * DAY, Fault.NONE), (NOON + DAY, Fault.EXPIRED)])
def test_expired_by_the_membership(acting: Actor, until: datetime, fault: Fault) -> None:
    Membership.objects.filter(pk=membership_of(acting).pk).update(valid_until=until)
    assert held(done(acting)).fault is fault


@pytest.mark.parametrize(("until", "fault"), [(NOON + 2 * DAY, Fault.NONE), (NOON + DAY / 2, Fault.EXPIRED)])
def test_expired_by_the_records_own_word(acting: Actor, until: datetime, fault: Fault) -> None:
    credential = replace(acting.authorities[0], valid_until=until)
    told = held(done(replace(acting, authorities=(credential,))))
    assert (told.fault, told.expires) == (fault, until)
    assert ("but expired on 4 Jun 2030, before this" in told.words) == bool(fault)


def test_not_begun_yet(acting: Actor) -> None:
    Membership.objects.filter(pk=membership_of(acting).pk).update(valid_from=NOON + 2 * DAY)
    told = held(done(acting))
    assert told.fault is Fault.NOT_BEGUN
    assert told.words.endswith("but begun on 5 Jun 2030, after this")


def test_granted_only_afterwards(aims: Aims, officer: Actor) -> None:
    user = a_person("Ana Lima")
    row = Membership(aims=aims, user=user, role=Role.OFFICER, valid_from=NOON)
    row.save()
    credential = Authority(row.pk, Role.OFFICER, "whole AIMS", "assay", NOON, None)
    actor = replace(officer, user_id=user.pk, pseudonym=user.pseudonym, authorities=(credential,))
    made = done(actor)
    assert held(made).fault is Fault.NOT_GRANTED
    assert held(made).words == "Compliance officer, granted by Assay, but no record grants it"
    record(an_event("membership.granted"), row, actor=officer)
    seal(aims.pk)
    assert held(made).fault is Fault.GRANTED_LATER


def test_a_membership_of_somebody_else(acting: Actor, officer: Actor) -> None:
    borrowed = replace(officer, authorities=acting.authorities)
    told = held(done(borrowed))
    assert told.fault is Fault.NOT_THEIRS
    assert told.words.endswith("but held by Ana Lima")


def test_a_role_that_the_membership_does_not_give(acting: Actor) -> None:
    raised = replace(acting.authorities[0], role=Role.APPROVER)
    assert held(done(replace(acting, authorities=(raised,)), event=APPROVED)).fault is Fault.NOT_THEIRS


def test_a_membership_that_is_not_here(acting: Actor) -> None:
    credential = replace(acting.authorities[0], membership_id=987_654)
    told = held(done(replace(acting, authorities=(credential,))))
    assert told.fault is Fault.UNKNOWN
    assert told.words == "Compliance officer, by a membership that is not known here"


def test_a_membership_of_another_organisation_is_as_good_as_none(acting: Actor) -> None:
    with elsewhere() as foreign:
        credential = replace(acting.authorities[0], membership_id=foreign)
    assert held(done(replace(acting, authorities=(credential,)))).fault is Fault.UNKNOWN


@contextmanager
def elsewhere() -> Iterator[int]:
    """The key of an officer's membership in another AIMS."""
    _aims, founder = an_organisation()
    membership = next(one.membership_id for one in founder.authorities if one.role == Role.OFFICER)
    assert membership is not None
    yield membership


def test_somebody_forgotten_keeps_their_authority(acting: Actor) -> None:
    made = done(acting)
    User.objects.filter(pk=acting.user_id).update(pseudonym="0" * 32)
    assert held(made).valid_then


def test_a_granter_who_was_forgotten_stays_a_pseudonym(acting: Actor, officer: Actor) -> None:
    made = done(acting)
    User.objects.filter(pk=officer.user_id).update(pseudonym="1" * 32)
    assert held(made).granted_by == f"Someone ({officer.pseudonym[:8]}…)"


def test_a_service_acts_as_assay_itself(aims: Aims) -> None:
    told = held(done(service("importer")))
    assert (told.membership, told.valid_then, told.granted_in) == (None, True, None)
    assert told.words == "Assay itself, no person's role was used"


def test_a_token_acts_under_the_membership_of_its_person(acting: Actor) -> None:
    machine = Actor(ActorKind.AI, None, "Agent", "", "token-ab12", "token ab12", acting.authorities)
    assert held(done(machine)).valid_then


def test_an_act_without_a_role_is_its_owners(acting: Actor) -> None:
    told = held(done(replace(acting, authorities=())))
    assert (told.valid_then, told.words) == (True, "No role was needed")


def test_an_act_that_takes_one_role_cannot_be_made_without_it(acting: Actor) -> None:
    told = held(done(replace(acting, authorities=()), event=APPROVED))
    assert (told.fault, told.words) == (Fault.UNNAMED, "No role is named, and this act takes one")


def test_many_records_cost_what_one_does(acting: Actor, officer: Actor) -> None:
    few = [done(acting)]
    many = [*few, *(done(actor, NOON + number * DAY) for number in range(1, 12) for actor in (acting, officer))]
    with CaptureQueriesContext(connection) as one:
        authority_of(few)
    with CaptureQueriesContext(connection) as all_of_them:
        found = authority_of(many)
    assert len(one) == len(all_of_them) == 4
    assert all(told.valid_then for told in found.values())
    with CaptureQueriesContext(connection) as none:
        assert authority_of([]) == {}
    assert len(none) == 0


def test_the_acts_on_a_subject_by_their_instants(aims: Aims, officer: Actor) -> None:
    with standing_at(NOON):
        row = an_obligation(officer)
    again = NOON + DAY
    with standing_at(again):
        record(an_event(OBLIGED), row, actor=service("importer"))
    seal(aims.pk)
    first = exercised_at(row.ref, {OBLIGED: NOON + timedelta(seconds=1), APPROVED: again})
    second = exercised_at(row.ref, {OBLIGED: again})
    assert [told.label for told in (*first.values(), *second.values())] == ["Compliance officer", "Assay itself"]
    assert exercised_at(row.ref, {OBLIGED: None}) == {}
