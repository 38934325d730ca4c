"""One change: its page, now or as it stood on a date."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from aims.history import rows_at
from aims.middleware import AimsRequest
from aims.past import found_then, of_any_date
from changes.models import ChangeRecord, ChangeState, Demand, Touched
from changes.permissions import may_decide, may_meet, may_say
from changes.policies import own_change
from changes.queries import change_sheet
from changes.queries.standing import approvers_of, authors_of
from ledger.queries import acts_about
from systems.models import AiSystem

JOINED = ("system", "opened_by", "decided_by")


def one(request: AimsRequest, code: str) -> ChangeRecord:
    """Return a change with what its page needs, or answer 404."""
    row = get_object_or_404(ChangeRecord.objects.select_related(*JOINED), code=code)
    row.system.aims = request.aims
    return row


def one_then(request: AimsRequest, code: str, at: datetime) -> ChangeRecord:
    """Return a change and its system as they stood at an instant, or answer 404."""
    rows = rows_at(ChangeRecord, at, code=code).select_related(*JOINED)
    row = found_then(rows.first(), ChangeRecord.objects.filter(code=code))
    row.system = rows_at(AiSystem, at, id=row.system_id).first() or row.system
    row.system.aims = request.aims
    return row


@require_GET
@of_any_date
def detail(request: AimsRequest, code: str) -> HttpResponse:
    """Show a change."""
    return show(request, one_then(request, code, request.at) if request.at else one(request, code))


def show(request: AimsRequest, row: ChangeRecord, *, status: int = 200, **more: Any) -> HttpResponse:
    """Show a change, with the form of a verb in it if there is one."""
    sheet = change_sheet(row, request.aims.slug, request.at)
    actor, is_live = request.actor, row.is_undecided and not request.as_of
    authors = authors_of(row) if is_live else frozenset()
    may_judge = is_live and may_decide(actor, row)
    own_work = own_change(actor, row, authors) if may_judge else ""
    context = {
        "change": row,
        "sheet": sheet,
        "sections": sheet.sections,
        "may_meet": is_live and may_meet(actor, row),
        "may_say": is_live and may_say(actor, row),
        "may_decide": may_judge and not own_work,
        "own_work": own_work,
        "may_take_effect": not request.as_of and row.state == ChangeState.APPROVED and may_say(actor, row),
        "approvers": approvers_of(authors) if is_live else [],
        "acts": acts_about(sheet.refs, ChangeRecord, Demand, Touched, at=request.at),
    }
    return render(request, "changes/change.html", context | more, status=status)
