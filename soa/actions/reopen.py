"""Reopen an exclusion with its cause, and settle it: one task for its owner, however many causes there are."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.roles import Role
from aims.hands import people_with
from duties.actions import close_tasks, open_task
from ledger.actions import record
from ledger.change import Change
from soa.events import REOPENED
from soa.models import Applicability, Entry, Reopening
from soa.queries.drivers import reliers_of
from soa.queries.proposals import contradictions
from soa.reopening.models import Cause

TASK = "exclusion"


@dataclass(frozen=True, slots=True)
class Because:
    """Why an exclusion is looked at again: the cause, the reference of what brought it about, and a clause in words."""

    cause: Cause
    source: str
    words: str


def reopen(entry: Entry, because: Because, *, actor: Actor) -> None:
    """Ask the owner of the row to decide it again; the same cause of the same source is asked once."""
    there = Reopening.objects.filter(entry=entry, settled_at__isnull=True)
    held = there.filter(cause=because.cause, source=because.source).first()
    if held is None:
        row = Reopening(
            aims_id=entry.aims_id,
            entry=entry,
            cause=because.cause,
            source=because.source,
            words=because.words[:300],
            opened_at=clock.now(),
        )
        change = Change.new(row)
        change.save(actor=actor)
        record(REOPENED, entry, actor=actor, change=change)
    keep_task(entry, actor=actor)


def settle(entry: Entry, *, actor: Actor) -> None:
    """Close what a person has answered by deciding the row again.

    What still contradicts an exclusion stays open: words do not undo a fact, nor a treatment that relies on it.
    """
    kept: set[str] = set()
    if entry.applicability == Applicability.EXCLUDED:
        kept |= {Cause.FACTS} if contradictions(entry.requirement.code) else set()
        kept |= {Cause.JUDGEMENT} if reliers_of(entry.requirement_id) else set()
    for row in Reopening.objects.filter(entry=entry, settled_at__isnull=True).exclude(cause__in=kept):
        _close(row, actor)
    keep_task(entry, actor=actor)


def settle_cause(entry: Entry, cause: Cause, source: str, *, actor: Actor) -> None:
    """Close what is no longer so, such as a fact that was taken back."""
    for row in Reopening.objects.filter(entry=entry, cause=cause, source=source, settled_at__isnull=True):
        _close(row, actor)
    keep_task(entry, actor=actor)


def _close(row: Reopening, actor: Actor) -> None:
    Change.of(row, settled_at=clock.now(), settled_by_id=actor.user_id).save(actor=actor)


def keep_task(entry: Entry, *, actor: Actor) -> None:
    """Keep the one task of a row: open with its newest cause, closed once there is none."""
    last = Reopening.objects.filter(entry=entry, settled_at__isnull=True).order_by("-pk").first()
    if last is None:
        close_tasks(TASK, entry.ref, actor=actor)
        return
    code = entry.requirement.code
    is_out = entry.applicability == Applicability.EXCLUDED
    text = (
        _("Decide %(code)s again: it is excluded, and %(why)s")
        if is_out
        else _("Decide %(code)s again, which is excluded for a system: %(why)s")
    )
    steward = next(iter(people_with(Role.OFFICER, clock.now(), frozenset())), None) if not entry.owner_id else None
    open_task(
        TASK,
        entry.ref,
        text % {"code": code, "why": last.words},
        owner_id=entry.owner_id or (steward.pk if steward else None),
        address=reverse("soa:workbench", args=[entry.aims.slug]) + f"?control={code}",
    )
