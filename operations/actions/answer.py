"""Answer for a signal that is past its limit."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from duties.actions import close_tasks
from ledger.actions import record
from ledger.change import Change, hold_apart
from operations.actions.judge import TASK
from operations.events import ANSWERED
from operations.models import LimitCrossing
from operations.permissions import may_answer


class NoAnswer(Refusal):
    """An answer says why, or what is done."""

    field = "answer"


@transaction.atomic
def answer_crossing(crossing: LimitCrossing, *, answer: str, seen: int, actor: Actor) -> LimitCrossing:
    """Keep why a signal is past its limit, or what is done; its task closes, its flag stays until it is back."""
    rows = LimitCrossing.objects.select_for_update(of=("self",)).select_related("signal__system")
    row: LimitCrossing = rows.get(pk=crossing.pk)
    require(may_answer(actor, row), _("The owner of the signal or of the system, or a compliance officer, answers."))
    actor = actor.on_behalf_of(row.signal.owner_id)
    hold_apart(row, seen, answer=answer)
    answer = answer.strip()
    if not answer or len(answer) > 4_000:
        raise NoAnswer(_("Say why it is past the limit, or what you do about it, in at most 4,000 characters."))
    if answer == row.answer:
        return row
    change = Change.of(row, answer=answer, answered_at=clock.now(), answered_by_id=actor.user_id)
    change.save(actor=actor, reason=answer)
    record(ANSWERED, row, actor=actor, change=change, reason=answer)
    if row.until is None:
        close_tasks(TASK, row.signal.ref, actor=actor)
    return row
