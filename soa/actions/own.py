"""Add a control of the organisation's own (ORG.x): it gets a row like any other."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from aims.numbering import next_number
from controls.models import Requirement, RequirementKind
from ledger.actions import record
from ledger.change import Change, stamp
from soa.actions.open import open_statement
from soa.events import OWN_CONTROL
from soa.models import Entry
from soa.permissions import may_steer

OWN = re.compile(r"ORG\.\d{1,4}")
POSITION = 100_000


class NotAddable(Refusal):
    """The own control cannot be added so."""


@transaction.atomic
def add_own_control(title: str, *, actor: Actor, summary: str = "", code: str = "") -> Entry:
    """Add ORG.1, ORG.2 and so on, or the code an import brought along; an existing code returns its row."""
    require(may_steer(actor), _("Adding controls takes a compliance officer or an administrator."))
    if not title.strip():
        raise NotAddable(_("Give the control a title."), field="title")
    if code and not OWN.fullmatch(code):
        raise NotAddable(_("Own controls are called ORG. and a number."), field="code")
    statement = open_statement(actor=actor)
    held = Entry.objects.with_names().filter(requirement__code=code).first() if code else None
    if held is not None:
        return held
    code = code or _free_code()
    control = Requirement(
        aims_id=current_aims_id(),
        code=code,
        kind=RequirementKind.OWN,
        title=title.strip(),
        summary=summary.strip(),
        position=POSITION + int(code.partition(".")[2]),
    )
    change = Change.new(control)
    control.save(force_insert=True)
    record(OWN_CONTROL, control, actor=actor, change=change)
    entry = Entry(aims_id=statement.aims_id, statement=statement, requirement=control)
    stamp(entry, actor=actor, reason="own control added")
    entry.save(force_insert=True)
    return entry


def _free_code() -> str:
    taken = set(Requirement.objects.filter(kind=RequirementKind.OWN).values_list("code", flat=True))
    while (code := f"ORG.{next_number('ORG')}") in taken:
        pass
    return code
