"""Record what binds the organisation: a law, a contract, an interested party's need, an AI objective (4.2, 6.2)."""

import re
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.models import User
from accounts.refusals import Refusal, require
from aims.events import OBLIGED
from aims.models import Aims, Obligation
from aims.numbering import next_code
from aims.permissions import may_manage
from aims.ports import Obliged, tell_of
from aims.queries import people
from aims.vocabulary import ObligationKind
from ledger.actions import record
from ledger.change import Change

CODE = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,19}")
WHO = "Obligations are kept by administrators and compliance officers."


class NotObliging(Refusal):
    """The obligation cannot be recorded so."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What an obligation says; `party` is whose need it is, `source` where it is written."""

    kind: str
    title: str
    party: str = ""
    source: str = ""
    text: str = ""
    owner: User | None = None


def fields_of(duty: Duty) -> dict[str, object]:
    """Return the fields of a row, after refusing what no obligation can say."""
    if not duty.title.strip():
        raise NotObliging(_("Give the obligation a title."), field="title")
    if duty.kind not in ObligationKind:
        raise NotObliging(_("There is no kind %(kind)s.") % {"kind": duty.kind}, field="kind")
    if duty.owner is not None and not people().filter(pk=duty.owner.pk).exists():
        raise NotObliging(_("The owner is not a member of this organisation."), field="owner")
    return asdict(duty) | {"owner": duty.owner}


@transaction.atomic
def oblige(duty: Duty, *, actor: Actor, code: str = "") -> Obligation:
    """Record an obligation under the next free code (O-01, O-02 …), or under its own code when that is free."""
    aims = Aims.objects.select_for_update().get(pk=current_aims_id())
    require(may_manage(actor, aims), WHO)
    row = Obligation(aims=aims, **fields_of(duty))
    row.code = _own(code) if code.strip() else _free()
    change = Change.new(row)
    change.save(actor=actor)
    record(OBLIGED, row, actor=actor, change=change)
    tell_of(Obliged(row, "", actor))
    return row


def _own(code: str) -> str:
    code = code.strip().upper()
    if not CODE.fullmatch(code):
        raise NotObliging(_("A code has up to 20 letters, digits, dots and hyphens, such as IP-04."), field="code")
    if Obligation.objects.filter(code=code).exists():
        raise NotObliging(
            _("%(code)s is taken. Leave the code empty to get the next free one.") % {"code": code}, field="code"
        )
    return code


def _free() -> str:
    while Obligation.objects.filter(code=(code := next_code("O", width=2))).exists():
        pass
    return code
