"""What was decided: three approved versions of the statement, and the draft that follows them."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from accounts.actor import Actor
from desk.demo.script import Data
from desk.demo.stage import Act, Stage
from soa.actions import (
    add_own_control,
    amend,
    approve,
    decide,
    decide_for_system,
    open_statement,
    record_effectiveness,
    save_row,
    submit,
)
from soa.models import Applicability, Effectiveness, Entry, EntrySystem, StatementVersion
from soa.reasons import parse

STEP = timedelta(minutes=7)


def acts(stage: Stage, told: Data) -> Iterator[Act]:
    """Everything this part of the story tells."""
    officer = told["officer"]
    yield Act(stage.at(told["opened"]), officer, partial(_open, told["controls"]))
    for name, rows in _rounds(told["controls"]):
        start = stage.at(told[name].get("from", told["opened"])) + STEP
        for place, row in enumerate(rows):
            at = start + place * STEP + timedelta(days=place // 8)
            yield Act(at, officer, partial(_write, stage, row, name, told[name]["review"]))
        yield from _version(stage, told, name)
    for exclusion in told["excluded_for"]:
        yield Act(stage.at(exclusion["at"]), officer, partial(_for_system, stage, exclusion))
    yield from _tests(stage, told)
    for change in told["draft"]:
        yield Act(stage.at(change["at"]), officer, partial(_change, stage, change))


def _rounds(controls: list[Data]) -> Iterator[tuple[str, list[Data]]]:
    yield "first", controls
    yield (
        "second",
        [row for row in controls if _points_at_assessment(row) or (row.get("first") and not row.get("third"))],
    )
    yield "third", [row for row in controls if row.get("since") != 2]


def _points_at_assessment(row: Data) -> bool:
    return any(reason.startswith("IA ") for reason in row["reasons"])


def _open(controls: list[Data], actor: Actor) -> None:
    open_statement(actor=actor)
    for row in controls:
        if row["code"].startswith("ORG."):
            add_own_control(row["title"], summary=row["summary"], code=row["code"], actor=actor)


def _entry(code: str) -> Entry:
    return Entry.objects.with_names().get(requirement__code=code)


def _write(stage: Stage, row: Data, name: str, review: Any, actor: Actor) -> object:
    entry = _entry(row["code"])
    fields = _fields(stage, row if name == "third" else row | row.get("first", {}), review)
    if name == "first":
        fields["applicability"] = Applicability.INCLUDED
        fields["reasons"] = parse(reason for reason in row["reasons"] if not reason.startswith("IA "))
    else:
        fields["reasons"] = parse(stage.reasons(row["reasons"]))
    if name == "second":
        fields |= _second(stage, row, review)
    return save_row(entry, fields, seen=entry.version, actor=actor)


def _second(stage: Stage, row: Data, review: Any) -> Data:
    """What the second version changed: the words; what is done too, unless that came with the third."""
    full = _fields(stage, row, review)
    names = ["why"]
    if not row.get("third"):
        names += ["owner", "how", "implementation", "planned_on"]
    if row.get("since") == 2:
        names.append("how_document")
    return {name: full[name] for name in names}


def _fields(stage: Stage, row: Data, review: Any) -> Data:
    fields: Data = {
        "why": row["why"],
        "owner": stage.people[row["owner"]],
        "review_on": stage.day(review),
        "implementation": row["state"],
        "planned_on": stage.day(row.get("planned")),
        "how": stage.text(row["how"]),
        "how_document": stage.text(row.get("document", "")),
    }
    if row.get("performed"):
        fields |= {name: row[told] for told, name in _PERFORMED.items()}
    if row.get("no_evidence"):
        fields |= {"expects_evidence": False, "no_evidence_reason": row["no_evidence"]}
    return fields


_PERFORMED = {"performed": "performed_by", "provider": "provider", "agreement": "agreement"}


def _version(stage: Stage, told: Data, name: str) -> Iterator[Act]:
    version = told[name]
    yield Act(stage.at(version["submitted"]), told["officer"], partial(_submit, stage, version["summary"]))
    yield Act(stage.at(version["approved"]), told["approver"], _approve)


def _submit(stage: Stage, summary: str, actor: Actor) -> object:
    return submit(stage.aims, summary=summary, actor=actor)


def _approve(actor: Actor) -> object:
    version = StatementVersion.objects.order_by("-pk")[0]
    return approve(version, digest=version.digest, confirms_warnings=True, seen=version.version, actor=actor)


def _for_system(stage: Stage, told: Data, actor: Actor) -> object:
    entry, system = _entry(told["code"]), stage.system(told["system"])
    held = EntrySystem.objects.filter(entry=entry, system=system).first()
    return decide_for_system(
        entry,
        system,
        applicability=Applicability.EXCLUDED if "why" in told else Applicability.INCLUDED,
        why=told.get("why", ""),
        implementation=told.get("state", ""),
        seen=held.version if held else 0,
        actor=actor,
    )


def _tests(stage: Stage, told: Data) -> Iterator[Act]:
    tested = told["tested"]
    results = dict.fromkeys(tested["effective"], (Effectiveness.EFFECTIVE, tested["source"]))
    results |= {code: (Effectiveness.NONCONFORMING, ref) for code, ref in tested["nonconforming"].items()}
    for place, (code, (result, source)) in enumerate(results.items()):
        at = stage.at(tested["at"]) + place * timedelta(minutes=3)
        yield Act(at, told["auditor"], partial(_test, stage, code, result, source))


def _test(stage: Stage, code: str, result: Effectiveness, source: str, actor: Actor) -> object:
    return record_effectiveness(_entry(code), result, source=stage.text(source), actor=actor)


def _change(stage: Stage, told: Data, actor: Actor) -> object:
    if "own" in told:
        return add_own_control(told["title"], summary=told["summary"], code=told["own"], actor=actor)
    if "system" in told:
        return _for_system(stage, told, actor)
    entry = _entry(told["code"])
    if "applies" in told:
        return decide(entry, Applicability(told["applies"]), seen=entry.version, actor=actor)
    fields = {name: stage.text(value) for name, value in told["fields"].items() if isinstance(value, str)}
    if "reasons" in told["fields"]:
        fields["reasons"] = parse(stage.reasons(told["fields"]["reasons"]))  # type: ignore[assignment]
    return amend(entry, fields, seen=entry.version, actor=actor)
