"""Set the criteria of judgement anew: a version of its own, which judges what comes after it and nothing before."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Conflict, Refusal, require
from accounts.roles import Role
from aims.acceptance import rule_of
from aims.events import JUDGED_BY
from aims.judging import Judging, faults
from aims.live import in_force
from aims.models import Aims, Criteria, Membership
from aims.permissions import may_manage
from aims.queries import current_criteria
from aims.vocabulary import Acceptor, Band
from ledger.actions import record
from ledger.change import Change

HOLDING = {Acceptor.OFFICER: Role.OFFICER, Acceptor.APPROVER: Role.APPROVER}


class NotSettable(Refusal):
    """The criteria cannot stand so; the message says what to mend."""


@transaction.atomic
def set_criteria(said: Judging, *, why: str, seen: int, actor: Actor) -> Criteria:
    """Make the next version; `seen` is the number of the version it replaces."""
    aims = Aims.objects.select_for_update().get(pk=current_aims_id())
    require(may_manage(actor, aims), _("Setting the criteria takes an administrator or a compliance officer."))
    last = current_criteria()
    _refuse_faults(said)
    fields = said.fields()
    if last.number != seen:
        raise Conflict(last, fields | {"why": why})
    if not why.strip():
        raise NotSettable(_("Say why the criteria change."), field="why")
    row = Criteria(aims=aims, number=last.number + 1, why=why.strip(), **fields)
    _refuse_same(row, last)
    change = Change.new(row)
    change.save(actor=actor, reason=row.why)
    record(JUDGED_BY, row, actor=actor, change=change, reason=row.why)
    return row


def _refuse_faults(said: Judging) -> None:
    for field, message in faults(said):
        raise NotSettable(message, field=field)
    draft = Criteria(**said.fields())
    for band in Band:
        rule = rule_of(draft, band)
        if rule.named:
            _refuse_strangers(rule.named, rule.who, band)


def _refuse_strangers(named: frozenset[str], who: tuple[Acceptor, ...], band: Band) -> None:
    held = Membership.objects.filter(in_force(clock.now()), user__pseudonym__in=named, user__is_active=True)
    if Acceptor.OWNER not in who:
        held = held.filter(role__in=[HOLDING[one] for one in who])
    if named - set(held.exclude(role=Role.CERTIFIER).values_list("user__pseudonym", flat=True)):
        words = {"band": band.label}
        raise NotSettable(
            _("Somebody named for %(band)s does not hold a role that may accept it.") % words, field="named"
        )


def _refuse_same(row: Criteria, last: Criteria) -> None:
    names = ("likelihood", "severity", "bands", "severity_five_at_least", "acceptable_up_to", "escalate_from")
    rules = [(rule_of(row, band), rule_of(last, band)) for band in Band]
    if all(getattr(row, name) == getattr(last, name) for name in names) and all(new == old for new, old in rules):
        raise NotSettable(_("Nothing differs from version %(number)s.") % {"number": last.number})
