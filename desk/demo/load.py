"""Load the demo: everything in one transaction, so that a load that was stopped leaves nothing."""

from dataclasses import dataclass

from django.db import transaction

from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import Refusal
from aims.models import Aims
from aims.queries import actor_for
from desk.demo import (
    changes,
    current,
    incidents,
    judgement,
    operations,
    organisation,
    policies,
    proof,
    seats,
    sign_in,
    statement,
    treatment,
)
from desk.demo.organisation import OFFICER, email_of
from desk.demo.script import Calendar, Data, read
from desk.demo.stage import Stage, play
from ledger.actions import check_log, sign_now
from ledger.models import Checkpoint, Log
from trace.actions.send_checkpoint import keep_sent
from trace.anchoring.recipients import auditors


class NotLoadable(Refusal):
    """The demo is there already, or was removed."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The organisation, and how many acts its story took."""

    aims: Aims
    acts: int


def demo() -> Aims | None:
    """The demo organisation, removed or not."""
    return Aims.objects.filter(is_demo=True).first()


def load_demo() -> Loaded:
    """Tell the whole story, write the sign-ins, verify the chain; raises NotLoadable when it was told here before."""
    story: Data = read("organisation")
    _refuse_second_telling(story["aims"]["slug"])
    passwords = sign_in.new_passwords(story["people"])
    with transaction.atomic():
        loaded = _tell(story, passwords)
    sign_in.tell(story["people"], passwords)
    with acting_in(loaded.aims):
        _hand_out_a_checkpoint(loaded.aims)
        check_log(Log.objects.get())
    return loaded


def _hand_out_a_checkpoint(aims: Aims) -> None:
    """Let the auditors have been sent what the chain says so far; no mail leaves, their addresses lead nowhere."""
    sign_now(aims.pk)
    row = Checkpoint.objects.order_by("-size").first()
    if row is None:
        return  # the ticker signs, here this process may not
    officer = actor_for(User.objects.get(email=email_of(OFFICER)), aims, auth_method="password")
    assert officer is not None  # noqa: S101  (the story founds with her)
    for membership in auditors():
        keep_sent(row, membership, actor=officer)
    sign_now(aims.pk)


def _refuse_second_telling(slug: str) -> None:
    standing = Aims.objects.filter(slug=slug).first()
    if standing is None:
        return
    if standing.removed_at is not None:
        raise NotLoadable("The demo was removed here. Start from an empty data folder to see it again.")
    raise NotLoadable(f"There is an organisation at /a/{slug}/ already.")


def _tell(story: Data, passwords: dict[str, str]) -> Loaded:
    calendar = Calendar.ending_today(story["today"], story["aims"]["time_zone"])
    aims, people = organisation.begin(story, calendar, passwords)
    stage = Stage(aims, calendar, people)
    with acting_in(aims):
        acts = [
            *organisation.acts(stage, story),
            *changes.acts(stage, read("changes")),
            *judgement.acts(stage, story["risks"], read("assessments")),
            *treatment.acts(stage, read("treatment")),
            *current.acts(stage, read("current")),
            *incidents.acts(stage, read("incidents")),
            *statement.acts(stage, read("statement")),
            *proof.acts(stage, read("evidence")),
            *policies.acts(stage, read("policies")),
            *operations.acts(stage, read("operations")),
            *seats.acts(stage, story),
        ]
        return Loaded(aims, play(stage, acts))
