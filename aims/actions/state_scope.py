"""State the scope anew: each statement is a version of its own, and older ones stay as they were (4.3)."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Conflict, Refusal, require
from aims.events import SCOPED
from aims.models import Aims, ScopeStatement
from aims.permissions import may_manage
from aims.ports import Rescoped, tell_of
from aims.queries import current_scope
from ledger.actions import record
from ledger.change import Change


class NotStateable(Refusal):
    """The scope cannot be stated so."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a scope statement says, and from which date (in the organisation's time zone) it holds."""

    text: str
    effective_on: date
    boundaries: str = ""
    sites: str = ""


@transaction.atomic
def state_scope(scope: Scope, *, seen: int, actor: Actor) -> ScopeStatement:
    """Make the next version of the scope; `seen` is the number of the version it replaces, 0 for the first."""
    aims = Aims.objects.select_for_update().get(pk=current_aims_id())
    require(may_manage(actor, aims), _("Stating the scope takes an administrator or a compliance officer."))
    last = current_scope()
    number = last.number if last else 0
    if last is not None and number != seen:
        raise Conflict(last, asdict(scope))
    _refuse_nonsense(scope, last)
    row = ScopeStatement(aims=aims, number=number + 1, **asdict(scope))
    change = Change.new(row)
    change.save(actor=actor)
    record(SCOPED, row, actor=actor, change=change)
    tell_of(Rescoped(row, actor))
    return row


def _refuse_nonsense(scope: Scope, last: ScopeStatement | None) -> None:
    if not scope.text.strip():
        raise NotStateable(_("Say what the AI management system covers."), field="text")
    if last is None:
        return
    if (scope.text, scope.boundaries, scope.sites) == (last.text, last.boundaries, last.sites):
        raise NotStateable(_("Nothing differs from version %(number)s.") % {"number": last.number}, field="text")
    if scope.effective_on < last.effective_on:
        raise NotStateable(
            _("Version %(number)s took effect later than that.") % {"number": last.number}, field="effective_on"
        )
