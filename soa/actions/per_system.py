"""Decide or describe a control for one AI system, apart from the others; rows roll up to the entry."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal, require
from ledger.actions import record
from ledger.change import Change, hold_apart
from soa.actions.amend import locked
from soa.actions.reopen import settle
from soa.events import SYSTEM_DECIDED
from soa.models import Applicability, Entry, EntrySystem
from soa.permissions import may_decide
from soa.queries.drivers import reliers_of
from soa.queries.proposals import demanding
from soa.wording import is_nothing
from systems.applying.evaluate import met_of, rules
from systems.models import AiSystem


class NotDecidableForSystem(Refusal):
    """This system's row cannot be so."""


@transaction.atomic
def decide_for_system(
    entry: Entry,
    system: AiSystem,
    *,
    applicability: Applicability,
    why: str,
    implementation: str,
    seen: int,
    actor: Actor,
) -> EntrySystem:
    """Exclude a control for one system, with its reason, or say how far it is in place there."""
    require(may_decide(actor, entry), _("Deciding per system takes a compliance officer or an administrator."))
    entry = locked(entry)
    if entry.applicability != Applicability.INCLUDED:
        raise NotDecidableForSystem(_("Include the control first; then say for which system it differs."))
    if applicability == Applicability.EXCLUDED:
        _check_exclusion(entry, system, why)
    held = EntrySystem.objects.select_for_update().filter(entry=entry, system=system).first()
    row = held or EntrySystem(aims_id=entry.aims_id, entry=entry, system=system)
    if held is not None:
        hold_apart(held, seen, why=why)
    fields = {"applicability": applicability, "why": why, "implementation": implementation}
    change = Change.of(row, **fields)
    if held is None:
        change = Change.new(row)
    if change:
        change.save(actor=actor, reason=why)
        record(SYSTEM_DECIDED, row, actor=actor, change=change, reason=why)
        settle(entry, actor=actor)
    return row


def _check_exclusion(entry: Entry, system: AiSystem, why: str) -> None:
    if is_nothing(why):
        raise NotDecidableForSystem(
            _("Say why %(ref_code)s does not apply to %(name)s.") % {"ref_code": entry.ref_code, "name": system.name},
            field="why",
        )
    reliers = reliers_of(entry.requirement_id)
    if any(driver.ref == system.ref for driver in reliers):
        raise NotDecidableForSystem(
            _("%(name)s relies on %(ref_code)s. Mend that on its page first.")
            % {"name": system.name, "ref_code": entry.ref_code}
        )
    if theirs := [driver.label for driver in reliers if driver.system_id == system.pk]:
        words = {"names": ", ".join(theirs), "ref_code": entry.ref_code}
        raise NotDecidableForSystem(_("%(ref_code)s is relied on by %(names)s. Treat them otherwise first.") % words)
    said = [
        rule.sentence(system.code, met.what)
        for name in demanding(entry.ref_code)
        if (met := met_of(rule := rules()[name], system.record))
    ]
    if said:
        words = {"ref_code": entry.ref_code, "name": system.name, "facts": "; ".join(said)}
        raise NotDecidableForSystem(
            _("%(ref_code)s cannot be excluded for %(name)s. %(facts)s. Correct what is not so first.") % words
        )
