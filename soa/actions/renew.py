"""Renew exclusions: a person looks at them again and says that they still hold, several at once."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from ledger.actions import record, seal_now
from ledger.change import Change, hold_apart
from soa.actions.amend import locked
from soa.actions.decide import refuse_what_others_rely_on
from soa.actions.reopen import settle
from soa.events import RENEWED
from soa.models import Applicability, Entry
from soa.permissions import may_steer
from soa.wording import is_nothing


class NotRenewable(Refusal):
    """The exclusion cannot be renewed so; the message is written for its reader."""


@transaction.atomic
def renew_exclusions(seen: Mapping[str, int], *, expires_on: date, why: str, actor: Actor) -> list[Entry]:
    """Decide anew that controls (by id, with the version that was seen) do not apply, until a day within a year.

    Each row is renewed and recorded by itself, all or none. What something relies on, or facts contradict, is refused;
    so is a row without its reason. Renewing closes what had reopened it.
    """
    require(may_steer(actor), _("Renewing exclusions takes a compliance officer or an administrator."))
    if not why.strip():
        raise NotRenewable(_("Say what was looked at and why they still do not apply."), field="why")
    rows = list(Entry.objects.with_names().filter(requirement__code__in=list(seen)).in_order())
    if not rows:
        raise NotRenewable(_("Select at least one exclusion."), field="control")
    _refuse_day(expires_on, clock.today(rows[0].aims.time_zone))
    renewed = [_renew(row, seen[row.requirement.code], expires_on, why.strip(), actor) for row in rows]
    seal_now(rows[0].aims_id)
    return renewed


def _refuse_day(expires_on: date, today: date) -> None:
    latest = clock.a_year_after(today)
    if expires_on <= today:
        raise NotRenewable(_("Choose a day that is not past."), field="expires_on")
    if expires_on > latest:
        words = _("An exclusion holds for a year at most: until %s.") % f"{latest.day} {latest:%B %Y}"
        raise NotRenewable(words, field="expires_on")


def _renew(row: Entry, seen: int, expires_on: date, why: str, actor: Actor) -> Entry:
    entry = locked(row)
    hold_apart(entry, seen)
    code = entry.requirement.code
    if entry.applicability != Applicability.EXCLUDED:
        raise NotRenewable(_("%(code)s is not excluded.") % {"code": code}, field="control")
    if is_nothing(entry.why):
        raise NotRenewable(_("Say why %(code)s does not apply before it is renewed.") % {"code": code}, field="control")
    refuse_what_others_rely_on(entry)
    change = Change.of(entry, expires_on=expires_on)
    change.save(actor=actor, reason=why)
    outcome = str(Applicability.EXCLUDED)
    decision = {"mode": "refuse", "outcome": outcome, "previous": outcome}
    record(RENEWED, entry, actor=actor, change=change, reason=why, decision=decision)
    settle(entry, actor=actor)
    return entry
