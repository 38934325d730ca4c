"""Find that a signal went past its limit, or is back: one crossing at a time, each with one task.

A crossing opens when the newest readings are out, not for an episode that was over when it was delivered. It ends when
`back_after` readings in a row, the newest ones, keep the limits. Who answers closes the task and not the crossing.
"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from aims.models import Aims
from duties.actions import close_tasks, open_task
from ledger.actions import record
from ledger.change import Change
from operations.actions.reevaluate import ask_reevaluation
from operations.events import BACK, CROSSED
from operations.models import LimitCrossing, Reading, Signal
from operations.ports import Crossed, tell_of_crossing
from operations.values import plain

TASK = "signal.limit"
ANSWER_WITHIN = timedelta(days=7)
LOOKS_AT = 200  # of the newest readings


@transaction.atomic
def judge(signal: Signal, *, actor: Actor) -> LimitCrossing | None:
    """Hold the newest readings to the limits; return the crossing that opened or ended, if one did."""
    last = LimitCrossing.objects.filter(signal=signal).order_by("-pk").first()
    newest = list(Reading.objects.filter(signal=signal).order_by("-at", "-pk")[:LOOKS_AT])
    if last is not None and last.until is None:
        return _end(last, signal, newest, actor)
    if not signal.has_limits:
        return None
    since = last.until if last else None
    fresh = [row for row in newest if since is None or row.at > since]
    first = _first_out(signal, fresh[::-1])
    return _open(signal, first, actor) if first else None


def _first_out(signal: Signal, rows: Sequence[Reading]) -> Reading | None:
    """Return where the episode began that the newest readings are in; rows come oldest first."""
    first, inside = None, 0
    for row in rows:
        inside = 0 if signal.side(row.value) else inside + 1
        if inside == 0:
            first = first or row
        elif inside >= signal.back_after:
            first = None
    return first


def _open(signal: Signal, reading: Reading, actor: Actor) -> LimitCrossing:
    side = signal.side(reading.value)
    limit = signal.lower if side == "below" else signal.upper
    assert limit is not None  # noqa: S101  (a value is past a limit that is set)
    crossing = LimitCrossing(
        aims_id=signal.aims_id, signal=signal, reading=reading, side=side, limit=limit, value=reading.value,
        since=reading.at,
    )  # fmt: skip
    change = Change.new(crossing)
    change.save(actor=actor)
    record(CROSSED, crossing, actor=actor, change=change)
    _tell(signal, side, limit, actor)
    if signal.asks_reevaluation and (told := ask_reevaluation(signal, crossing)):
        moved = Change.of(crossing, move=told)
        moved.save(actor=actor)
        record(CROSSED, crossing, actor=actor, change=moved, reason=told)
    return crossing


def _tell(signal: Signal, side: str, limit: Decimal, actor: Actor) -> None:
    """Open the one task of the signal, for whoever answers for it, and tell who judged the system before."""
    aims = Aims.objects.get(pk=signal.aims_id)
    address = reverse("operations:signal", args=[aims.slug, signal.system.code, signal.code])
    names = {"signal": signal.name, "system": signal.system.name, "limit": plain(limit)}
    words = (
        _("%(signal)s of %(system)s is below %(limit)s: say why, or what you do")
        if side == "below"
        else _("%(signal)s of %(system)s is above %(limit)s: say why, or what you do")
    )
    due_on = clock.today(aims.time_zone) + ANSWER_WITHIN
    owner_id = signal.owner_id or signal.system.owner_id
    open_task(TASK, signal.ref, words % names, owner_id=owner_id, due_on=due_on, address=address)
    past = _("%(signal)s is below %(limit)s") if side == "below" else _("%(signal)s is above %(limit)s")
    tell_of_crossing(Crossed(signal.system, signal.ref, past % names, address, actor))


def _end(crossing: LimitCrossing, signal: Signal, newest: Sequence[Reading], actor: Actor) -> LimitCrossing | None:
    """End the crossing once enough readings in a row keep the limits, or none are set any more."""
    back = newest[: signal.back_after]
    is_back = len(back) == signal.back_after and not any(signal.side(row.value) for row in back)
    if signal.has_limits and not (is_back and back[-1].at > crossing.since):
        return None
    until = max(back[-1].at, crossing.since) if is_back else clock.now()
    change = Change.of(crossing, until=until)
    change.save(actor=actor)
    record(BACK, crossing, actor=actor, change=change)
    close_tasks(TASK, signal.ref, actor=actor)
    return crossing
