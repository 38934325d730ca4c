"""Settle whether a control applies, with the reason an auditor will read (6.1.3)."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Conflict, Refusal, require
from ledger.actions import record, seal_now
from ledger.change import Change
from soa.actions.amend import as_seen, locked, refuse_unknown, says, unlike_seen
from soa.actions.reopen import settle
from soa.events import DECIDED
from soa.models import Applicability, Entry
from soa.permissions import may_decide
from soa.queries.drivers import reliers_of
from soa.queries.proposals import contradictions
from soa.reasons import Given, fitting

MODES = {Applicability.INCLUDED: "continue", Applicability.EXCLUDED: "refuse", Applicability.UNDECIDED: "defer"}


NAMED = 20  # of what relies on a control, in the sentence that refuses its exclusion


class NotDecidable(Refusal):
    """The entry cannot take this decision; the message is written for its reader."""


@transaction.atomic
def decide(
    entry: Entry,
    applicability: Applicability,
    *,
    seen: int,
    actor: Actor,
    why: str | None = None,
    reasons: Sequence[Given] | None = None,
) -> Entry:
    """Include, exclude or leave undecided; a draft may hold a decision that still lacks its reason.

    Turning a row over drops the reason codes of the other side and, unless a new text comes along, the old text:
    a reason to include says nothing about excluding. An exclusion holds for a year at most, unless it is given
    another date: management review (9.3) decides it anew. Raises NotDecidable when something relies on the control.
    """
    require(may_decide(actor, entry), _("Deciding applicability takes a compliance officer or an administrator."))
    entry = locked(entry)
    said: dict[str, Any] = {"applicability": applicability}
    said |= {} if why is None else {"why": why}
    said |= {} if reasons is None else {"reasons": list(reasons)}
    offered = unlike_seen(entry, said, seen)
    applicability = Applicability(offered.get("applicability", entry.applicability))
    turned = applicability != entry.applicability
    if turned and applicability == Applicability.EXCLUDED:
        refuse_what_others_rely_on(entry)
    refuse_unknown(entry, offered.get("reasons", ()))
    fields = dict(offered)
    fields["reasons"] = fitting(offered.get("reasons", entry.reasons), applicability)
    if turned and why in (None, entry.why) and Applicability.UNDECIDED not in (entry.applicability, applicability):
        _keep_what_was_not_seen(entry, seen, applicability)
        fields["why"] = ""
    if applicability != Applicability.EXCLUDED:
        fields["expires_on"] = None
    elif turned:
        fields["expires_on"] = clock.a_year_after(clock.today(entry.aims.time_zone))
    previous = entry.applicability
    change = Change.of(entry, **fields)
    if change:
        change.save(actor=actor, reason=entry.why)
        decision = {"mode": MODES[applicability], "outcome": str(applicability), "previous": str(previous)}
        record(DECIDED, entry, actor=actor, change=change, reason=entry.why, decision=decision)
        if Applicability.EXCLUDED in (previous, applicability):
            settle(entry, actor=actor)
    if applicability == Applicability.EXCLUDED:
        seal_now(entry.aims_id)
    return entry


def _keep_what_was_not_seen(entry: Entry, seen: int, applicability: Applicability) -> None:
    """Turning over drops the old text: not one that somebody else wrote meanwhile."""
    if entry.version != seen and not says(as_seen(entry, seen), "why", entry.why):
        raise Conflict(entry, {"applicability": applicability, "why": ""})


def refuse_what_others_rely_on(entry: Entry) -> None:
    """Raise NotDecidable where something would be left without the control, or where facts of systems contradict."""
    reliers = reliers_of(entry.requirement_id)
    if reliers:
        names = ", ".join(driver.label for driver in reliers[:NAMED])
        more = _(" and %s more") % (len(reliers) - NAMED) if len(reliers) > NAMED else ""
        raise NotDecidable(
            _("%(code)s is relied on by %(names)s%(more)s. Treat them otherwise first.")
            % {"code": entry.requirement.code, "names": names, "more": more},
            field="applicability",
        )
    if said := contradictions(entry.requirement.code):
        raise NotDecidable(
            _("%(code)s cannot be excluded. %(facts)s. Correct what is not so, or include the control.")
            % {"code": entry.requirement.code, "facts": "; ".join(said)},
            field="applicability",
        )
