"""Declare a signal, and say what it must keep."""

from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from accounts.refusals import Refusal, require
from aims.numbering import next_code
from aims.queries import people
from ledger.actions import record
from ledger.change import Change, hold_apart
from operations.actions.judge import judge
from operations.drift import CUSTOMARY
from operations.events import DECLARED, LIMITS_SET
from operations.models import Direction, Feed, Kind, Signal
from operations.permissions import may_deliver, may_set_limits
from operations.values import KEY
from systems.models import AiSystem

MOST_SIGNALS = 200
INDEX = ("psi", "%(signal)s: population stability index", Decimal(str(CUSTOMARY.marked)))
OF_NUMBERS = (
    INDEX,
    ("ks", "%(signal)s: Kolmogorov-Smirnov statistic", None),
    ("ks_p", "%(signal)s: Kolmogorov-Smirnov p-value", None),
)
OF_CATEGORIES = (
    INDEX,
    ("chi2", "%(signal)s: chi-square statistic", None),
    ("chi2_p", "%(signal)s: chi-square p-value", None),
)
BOUNDS = {"back_after": (1, 100), "window_days": (1, 365), "keep_days": (84, 3650)}


class NotASignal(Refusal):
    """The signal cannot be declared or limited so."""


class Limits(TypedDict, total=False):
    """What a person says of a signal: what it must keep, who answers for it, and what it is compared with."""

    name: str
    unit: str
    direction: str
    owner: User | None
    lower: Decimal | None
    upper: Decimal | None
    back_after: int
    asks_reevaluation: bool
    window_days: int
    reference_from: date | None
    reference_to: date | None
    keep_days: int


@transaction.atomic
def declare_signal(system: AiSystem, *, key: str, name: str, kind: str, actor: Actor, **more: Any) -> Signal:
    """Declare a named series of a system; `more` are unit, direction, owner, feed, gathers and of."""
    row = AiSystem.objects.select_for_update(of=("self",)).get(pk=system.pk)
    require(may_deliver(actor, row), _("Only those who deliver for this system may declare a signal."))
    return new_signal(row, actor=actor.on_behalf_of(row.owner_id), key=key, name=name, kind=kind, **more)


def new_signal(system: AiSystem, *, actor: Actor, **fields: Any) -> Signal:
    """Make and record a signal of a system whose row is held, for an actor who was found to be allowed."""
    fields["owner"] = fields.get("owner") or system.owner
    signal = Signal(aims_id=system.aims_id, system=system, **{k: _tidy(v) for k, v in fields.items()})
    _check_declared(signal)
    _check(signal)
    signal.code = next_code("SIG", width=3)
    change = Change.new(signal)
    change.save(actor=actor)
    record(DECLARED, signal, actor=actor, change=change)
    return signal


def _tidy(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _check_declared(signal: Signal) -> None:
    if not KEY.fullmatch(signal.key):
        words = _("The key has small letters, digits and . _ / : - and begins with a letter or digit.")
        raise NotASignal(words, field="key")
    if signal.kind not in Kind.values:
        raise NotASignal(_("There is no kind %s.") % signal.kind, field="kind")
    known = Signal.objects.filter(system=signal.system)
    if known.filter(key=signal.key).exists():
        raise NotASignal(_("This system has a signal %s already.") % signal.key, field="key")
    if known.count() >= MOST_SIGNALS:
        raise NotASignal(_("A system has at most %s signals.") % MOST_SIGNALS, field="key")


@transaction.atomic
def set_limits(signal: Signal, *, seen: int, actor: Actor, reason: str = "", **limits: Unpack[Limits]) -> Signal:
    """Say what a signal must keep, and judge its readings by it at once; a person's to do."""
    row = Signal.objects.select_for_update(of=("self",)).select_related("system").get(pk=signal.pk)
    require(may_set_limits(actor, row), _("Limits are set by the owner of the system or a compliance officer."))
    actor = actor.on_behalf_of(row.owner_id)
    offered = {name: _tidy(value) for name, value in limits.items()}
    hold_apart(row, seen, **offered)
    change = Change.of(row, **offered)
    _check(row)
    if change:
        row.limits_by_id, row.limits_at = actor.user_id, clock.now()
        change.save(actor=actor, reason=reason)
        record(LIMITS_SET, row, actor=actor, change=change, reason=reason)
        judge(row, actor=actor)
        if row.reference_to:
            drift_signals(row, has_numbers=True, actor=actor)
    return row


def drift_signals(signal: Signal, *, has_numbers: bool, actor: Actor) -> dict[str, Signal]:
    """Make sure of the signals that hold a signal's drift; the index begins with the limit of the customary rule."""
    found = {row.key: row for row in Signal.objects.filter(of=signal).select_related("system__owner")}
    made = {}
    for ending, name, upper in OF_NUMBERS if has_numbers else OF_CATEGORIES:
        key = f"{signal.key[:110]}.{ending}"
        made[ending] = found.get(key) or new_signal(
            signal.system,
            actor=actor,
            key=key,
            name=(name % {"signal": signal.name})[:160],
            kind=Kind.DRIFT,
            feed=Feed.DRIFT,
            direction=Direction.NONE if ending.endswith("_p") else Direction.LOWER,
            of=signal,
            owner=signal.owner,
            upper=upper,
        )
    return made


def _check(signal: Signal) -> None:
    """Refuse a signal whose words, limits, numbers or windows do not fit."""
    if not signal.name or len(signal.name) > 160:
        raise NotASignal(_("Give the signal a name of at most 160 characters."), field="name")
    if len(signal.unit) > 20:
        raise NotASignal(_("A unit has at most 20 characters."), field="unit")
    if signal.direction not in Direction.values:
        raise NotASignal(_("There is no direction %s.") % signal.direction, field="direction")
    if signal.lower is not None and signal.upper is not None and signal.lower > signal.upper:
        raise NotASignal(_("The lower limit lies above the upper one."), field="lower")
    for field, (least, most) in BOUNDS.items():
        if not least <= getattr(signal, field) <= most:
            raise NotASignal(
                _("Give a number from %(least)s to %(most)s.") % {"least": least, "most": most}, field=field
            )
    if signal.owner_id and not people().filter(pk=signal.owner_id).exists():
        raise NotASignal(_("The owner has no role in this organisation. Choose someone who has."), field="owner")
    _check_window(signal)


def _check_window(signal: Signal) -> None:
    first, last = signal.reference_from, signal.reference_to
    if (first is None) != (last is None):
        raise NotASignal(_("A reference window has a first and a last day."), field="reference_to")
    if first and last and first > last:
        raise NotASignal(_("The reference window ends before it begins."), field="reference_to")
