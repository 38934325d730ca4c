"""The pages of moves and gates as frozen shapes."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from accounts.actor import Actor
from accounts.models import User
from accounts.separation import apart
from aims.queries import people
from systems.lifecycle.composition import DEFAULT, Rule, read
from systems.lifecycle.gates import Gate, gate_of, holders, names_of
from systems.lifecycle.models import MoveState, Signature, Transition
from systems.lifecycle.signers import is_called, signs_for
from systems.lifecycle.stages import SIGNED, Stage
from systems.lifecycle.wording import CheckRow, check_row, in_words, leaf_in_words, leaves_in_words
from systems.models import AiSystem, FunctionHolder, GateRule
from systems.permissions import may_meet, may_sign, may_withdraw
from systems.policies import own_move
from systems.record.differences import differences
from systems.record.schema import dotted


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One place of the record that differs from what was signed last."""

    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """Who signed, as what, and what they wrote."""

    who: str
    authority: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """What has to be done about a check that was left open."""

    place: int
    text: str
    owner: str
    due_on: date
    met_on: date | None
    note: str
    may_meet: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rule came to when the move was decided, in words."""

    necessary: str
    sufficient: tuple[str, ...]
    missing: str


@dataclass(frozen=True, slots=True)
class MovePage:
    """Everything that the page of a move prints, and what this reader may do with it."""

    move: Transition
    asked_by: str
    decided_by: str
    checks: tuple[CheckRow, ...]
    looked_at: datetime | None
    rule: str
    verdict: Verdict | None
    signatures: tuple[SignatureRow, ...]
    conditions: tuple[ConditionRow, ...]
    differences: tuple[DifferenceRow, ...]
    since: int | None
    waits_for: tuple[str, ...]
    authorities: tuple[tuple[str, str], ...]
    own_work: str
    may_refuse: bool
    may_withdraw: bool


def move_page(move: Transition, actor: Actor, authors: Any) -> MovePage:
    """Return the page of a move; a waiting one looks at its gate again, a decided one shows what was frozen."""
    waits, held = move.state == MoveState.PROPOSED, holders()
    gate = gate_of(move.system, move.to_stage) if waits else None
    frozen = gate.frozen if gate else (move.judgement or move.gates)
    given = list(Signature.objects.filter(move=move).select_related("person").order_by("pk"))
    names = names_of(FunctionHolder.objects.all(), ()) | {
        f"check:{check['key']}": str(check["words"]) for check in frozen.get("checks", [])
    }
    signed = _counted(given)
    mine = signs_for(apart(actor, authors), gate.waiting_for(signed), held) if gate else ()
    before = _signed_before(move)
    is_asked = waits and is_called(actor, move)
    return MovePage(
        move=move,
        asked_by=_name(move.asked_by),
        decided_by=_name(move.decided_by),
        checks=tuple(check_row(check) for check in frozen.get("checks", [])),
        looked_at=datetime.fromisoformat(frozen["at"]) if "at" in frozen else None,
        rule=_rule_in_words(move, gate, names),
        verdict=_verdict(move.judgement, names),
        signatures=tuple(
            SignatureRow(_name(one.person), names.get(one.authority, one.authority), one.signed_at, one.note)
            for one in given
        ),
        conditions=_conditions(move, actor),
        differences=_differences(move, before),
        since=before.number if before else None,
        waits_for=tuple(leaf_in_words(leaf, names) for leaf in gate.waiting_for(signed)) if gate else (),
        authorities=tuple((leaf.name, leaf_in_words(leaf, names)) for leaf in mine) if may_sign(actor, move) else (),
        own_work=own_move(actor, move, authors) if is_asked else "",
        may_refuse=is_asked,
        may_withdraw=waits and may_withdraw(actor, move),
    )


def _counted(given: list[Signature]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for one in given:
        counted[one.authority] = counted.get(one.authority, 0) + 1
    return counted


def _name(person: User | None) -> str:
    return person.display_name if person else ""


def _rule_in_words(move: Transition, gate: Gate | None, names: dict[str, str]) -> str:
    if move.to_stage not in SIGNED:
        return ""
    if gate is not None:
        return in_words(gate.rule, names)
    return in_words(read(move.judgement["rule"]), names) if "rule" in move.judgement else ""


def _verdict(judgement: dict[str, Any], names: dict[str, str]) -> Verdict | None:
    if "is_satisfied" not in judgement:
        return None
    return Verdict(
        leaves_in_words(judgement["necessary"], names),
        tuple(leaves_in_words(way, names) for way in judgement["sufficient"]),
        leaves_in_words(judgement["missing"], names),
    )


def _conditions(move: Transition, actor: Actor) -> tuple[ConditionRow, ...]:
    if not move.conditions:
        return ()
    owners = {person.pk: person for person in people().filter(pk__in=[one["owner_id"] for one in move.conditions])}
    is_open = move.state in (MoveState.SIGNED, MoveState.DONE)
    return tuple(
        ConditionRow(
            place,
            one["text"],
            _name(owners.get(one["owner_id"])),
            date.fromisoformat(one["due_on"]),
            date.fromisoformat(one["met_on"]) if one["met_on"] else None,
            one.get("note", ""),
            is_open and not one["met_on"] and may_meet(actor, one["owner_id"]),
        )
        for place, one in enumerate(move.conditions, 1)
    )


def _signed_before(move: Transition) -> Transition | None:
    rows = Transition.objects.filter(system=move.system_id, state=MoveState.SIGNED, number__lt=move.number)
    return rows.order_by("-number").first()


def _differences(move: Transition, before: Transition | None) -> tuple[DifferenceRow, ...]:
    """What the record says otherwise than when it was last signed; nothing where it never was."""
    if before is None:
        return ()
    versions = (before.judged_version, move.judged_version)
    rows = AiSystem.history.filter(id=move.system_id, version__in=versions).values_list("version", "record")
    records = dict(rows)
    found = differences(records.get(versions[0], {}), records.get(versions[1], {}))
    return tuple(DifferenceRow(dotted(one.path), _plain(one.before), _plain(one.after)) for one in found)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_plain(item)}" for name, item in value.items())
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class AskPage:
    """What asking for one move takes: the gate as it stands, and who would have to sign."""

    stage: str
    name: str
    checks: tuple[CheckRow, ...]
    shut: int
    ajar: tuple[tuple[str, str], ...]
    rule: str
    is_signed: bool


def ask_page(system: AiSystem, stage: str, gate: Gate | None) -> AskPage:
    """Return what the page of asking prints about a stage."""
    names = names_of(holders(), gate.checks) if gate else {}
    return AskPage(
        stage=stage,
        name=str(Stage(stage).label),
        checks=tuple(check_row(asdict(check)) for check in gate.checks) if gate else (),
        shut=len(gate.shut) if gate else 0,
        ajar=tuple((check.key, check.words) for check in gate.ajar) if gate else (),
        rule=in_words(gate.rule, names) if gate and stage in SIGNED else "",
        is_signed=stage in SIGNED,
    )


@dataclass(frozen=True, slots=True)
class RuleLine:
    """The rule of one gate or control, in words."""

    key: str
    name: str
    words: str
    version: int


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """How a rule read at one time, who wrote it and why."""

    version: int
    words: str
    who: str
    at: datetime
    reason: str


def rule_lines() -> list[RuleLine]:
    """Return the rule of every gate that takes signatures, and of every control that has one; two queries."""
    rows = list(GateRule.objects.select_related("requirement").order_by("requirement__position", "pk"))
    names = names_of(FunctionHolder.objects.all(), ())
    by_stage = {row.stage: row for row in rows if row.stage}
    gates = [_line(stage, str(stage.label), by_stage.get(stage), names) for stage in SIGNED]
    return gates + [_line(row.ref_code, str(row.requirement), row, names) for row in rows if not row.stage]


def _line(key: str, name: str, row: GateRule | None, names: dict[str, str]) -> RuleLine:
    return RuleLine(key, name, in_words(rule_of(row), names), row.version if row else 0)


def rule_of(row: GateRule | None) -> Rule:
    """Return the rule a row holds, or the default where there is none."""
    return read(row.body) if row else DEFAULT


def rule_history(row: GateRule | None) -> list[RuleVersion]:
    """Return every version of a rule, the newest first; three queries."""
    if row is None:
        return []
    names = names_of(FunctionHolder.objects.all(), ())
    past = row.history.select_related("history_user").order_by("-history_id")
    return [
        RuleVersion(
            one.version,
            in_words(read(one.body), names),
            _name(one.history_user),
            one.history_date,
            one.history_change_reason or "",
        )
        for one in past
    ]
