"""What taking a file in would change, place by place, for whoever looks before it is taken."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from assessments.markdown.document import TEXTS, Document, Impact, Measure, Party
from assessments.markdown.impacts import SCORES
from assessments.sections.questions import BY_KEY

LONGEST = 160
PLAIN = {
    "system_version": "Version assessed",
    **TEXTS,
    "jurisdictions": "Jurisdictions",
    "sensitive_uses": "Sensitive uses",
    "triggers": "Looked at again upon",
    "publication": "Publication",
    "next_review_on": "Next review",
}
NOTHING = Document()


@dataclass(frozen=True, slots=True)
class Change:
    """A place, and what it says before and after; one that is new or taken out lacks one of them."""

    place: str
    before: str
    after: str

    def as_json(self) -> dict[str, str]:
        """Return it as JSON tells it."""
        return {"place": self.place, "before": self.before, "after": self.after}


def changes_of(held: Document | None, said: Document) -> tuple[Change, ...]:
    """Compare what stands with what a file says; the decision is no part of it, for no file takes one."""
    before = held or NOTHING
    return tuple(
        Change(place, _short(old), _short(new)) for place, old, new in _places(before, said) if _told(old) != _told(new)
    )


def _places(before: Document, after: Document) -> Iterator[tuple[str, Any, Any]]:
    for name, label in PLAIN.items():
        yield label, getattr(before, name), getattr(after, name)
    old = {one.question: one.text or one.because for one in before.answers}
    new = {one.question: one.text or one.because for one in after.answers}
    for key, question in BY_KEY.items():
        yield str(question.label), old.get(key, ""), new.get(key, "")
    yield from _aligned("Party", before.parties, after.parties)
    impacts = {one.number: one for one in before.impacts}
    named = {one.number: one for one in after.impacts}
    for number in sorted(impacts.keys() | named.keys()):
        yield from _impact(number, impacts.get(number), named.get(number))


def _aligned(
    label: str, before: tuple[Party, ...] | tuple[Measure, ...], after: tuple[Party, ...] | tuple[Measure, ...]
) -> Iterator[tuple[str, Any, Any]]:
    for at in range(max(len(before), len(after))):
        yield f"{label} {at + 1}", before[at] if at < len(before) else None, after[at] if at < len(after) else None


def _impact(number: int, before: Impact | None, after: Impact | None) -> Iterator[tuple[str, Any, Any]]:
    label = f"Impact {number}"
    if before is None or after is None:
        yield label, before and _bare(before), after and _bare(after)
    else:
        for one in fields(Impact):
            if one.name not in ("number", "measures"):
                yield f"{label}, {one.name.replace('_', ' ')}", getattr(before, one.name), getattr(after, one.name)
    measures = (before.measures if before else (), after.measures if after else ())
    yield from _aligned(f"{label}, mitigation", *measures)


def _bare(impact: Impact) -> Impact:
    return replace(impact, measures=())


def _told(value: Any) -> str:
    if isinstance(value, Impact):
        scores = [str(getattr(value, name)) for name in SCORES[:2] if getattr(value, name)]
        return " · ".join(filter(None, (value.description, value.level, value.valence, value.who, " × ".join(scores))))
    if isinstance(value, Party):
        more = ("vulnerable" if value.is_vulnerable else "", str(value.per_year or ""), value.heard, value.can_opt_out)
        return " · ".join(filter(None, (value.name, value.kind, *more)))
    if isinstance(value, Measure):
        state = "in place" if value.is_in_place else "not in place"
        due = value.due_on.isoformat() if value.due_on else ""
        fails = "known to fail" if value.is_failing else ""
        return " · ".join(filter(None, (value.text, value.control, value.kind, state, fails, due)))
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None else str(value)


def _short(value: Any) -> str:
    told = " ".join(_told(value).split())
    return told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"
