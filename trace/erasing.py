"""What erasing a record's texts would take, and what else still says the same."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Field, TextField

from assessments.models import AffectedParty, Assessment, AssessmentState, Impact, Measure
from ledger.governed import Governed
from ledger.models import Annex, Leaf, Record
from soa.models import StatementVersion
from trace.density import APPROVED
from trace.words import governed_models

DECIDED = (AssessmentState.DECIDED, AssessmentState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts of a record's text to erase, the words in them that somebody wrote, and the row they are about."""

    parts: frozenset[str]
    words: frozenset[str]
    row: Governed | None


def plan_of(record: Record, parts: Collection[str] | None = None) -> Plan:
    """Return what erasing these parts takes, all of them without `parts`.

    A part that holds the same words goes along: the decision's reason is often what the row says as well.
    """
    row = row_of(record.subject)
    held = {part: words_of(part, text, type(row) if row else None) for part, text in kept_texts(record).items()}
    chosen = set(held) if parts is None else set(held) & set(parts)
    while more := {part for part in held if part not in chosen and held[part] & _all(held, chosen)}:
        chosen |= more
    return Plan(frozenset(chosen), _all(held, chosen), row)


def _all(held: dict[str, frozenset[str]], parts: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(held[part] for part in parts))


def kept_texts(record: Record) -> dict[str, str]:
    """Return the texts beside a record that were not erased, by field."""
    kept = Annex.objects.filter(record=record).exclude(text="")
    return dict(kept.values_list("field", "text"))


def words_of(part: str, text: str, model: type[Governed] | None) -> frozenset[str]:
    """Return what somebody wrote in a part; codes, dates and choices are no words."""
    if part == "rationale":
        return frozenset({text})
    values: dict[str, Any] = json.loads(text)
    names = {field.name for field in free_fields(model)} if model else set(values)
    return frozenset(value for name, value in values.items() if name in names and isinstance(value, str) and value)


def free_fields(model: type[Governed]) -> "list[Field[Any, Any]]":
    """Return the fields of a model that hold what people write, and not what rows are found by."""
    keys = {name for constraint in model._meta.total_unique_constraints for name in constraint.fields}
    return [field for field in model._meta.concrete_fields if _is_free(field) and field.name not in keys]


def _is_free(field: "Field[Any, Any]") -> bool:
    if isinstance(field, TextField):
        return True
    return isinstance(field, CharField) and field.editable and not field.choices and not field.unique


def row_of(ref: str) -> Governed | None:
    """Return the row that a reference names now; rows name themselves, so they are asked one by one."""
    kind, _colon, code = ref.partition(":")
    model = governed_models().get(kind)
    rows = model._default_manager.select_related().iterator(chunk_size=500) if model else ()
    return next((row for row in rows if row.ref_code == code), None)


def still_said(plan: Plan) -> list[str]:
    """Return the fields of the row as it is now that say one of the words."""
    if plan.row is None:
        return []
    fields = free_fields(type(plan.row))
    return [str(field.verbose_name) for field in fields if getattr(plan.row, field.name) in plan.words]


def is_decided(row: Governed | None) -> bool:
    """Whether the row is a decided assessment, or a part of one."""
    match row:
        case Assessment():
            return row.state in DECIDED
        case Impact() | AffectedParty():
            return row.assessment.state in DECIDED
        case Measure():
            return row.impact.assessment.state in DECIDED
        case _:
            return False


def frozen_with(words: Collection[str]) -> Iterator[Governed]:
    """Yield the approved statement versions and decided assessments in which one of the words is frozen."""
    for version in StatementVersion.objects.filter(state__in=APPROVED):
        if not set(words).isdisjoint(_strings(json.loads(bytes(version.body)))):
            yield version
    for assessment in Assessment.objects.filter(state__in=DECIDED, frozen__isnull=False):
        if not set(words).isdisjoint(_strings(json.loads(bytes(assessment.frozen or b"{}")))):
            yield assessment


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def others_with(record: Record, plan: Plan) -> list[int]:
    """Return the numbers of other records about the same thing whose texts hold one of the words."""
    model = type(plan.row) if plan.row else None
    beside = Annex.objects.filter(record__subject=record.subject).exclude(record=record).exclude(text="")
    texts = beside.values_list("record_id", "field", "text")
    records = {pk for pk, part, text in texts if words_of(part, text, model) & plan.words}
    return list(Leaf.objects.filter(record__in=records).order_by("number").values_list("number", flat=True))
