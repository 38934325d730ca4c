"""What differs between two statements, field by field and word by word."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from aims.differing import Piece, word_diff
from soa.decision import COMPARED
from soa.models import Applicability, Implementation, Performer, Reason

LABELS = {
    "applicability": "Applies",
    "why": "Why",
    "reasons": "Reasons",
    "owner": "Owner",
    "review_on": "Review by",
    "expires_on": "Exclusion expires",
    "performed_by": "Done by",
    "provider": "Provider",
    "agreement": "Agreement",
    "implementation": "Implementation",
    "planned_on": "Planned for",
    "how": "How",
    "how_document": "Document",
    "notes": "Notes",
    "expects_evidence": "Evidence expected",
    "no_evidence_reason": "Why no evidence is expected",
    "per_system": "Per system",
}
WORDS = {
    "applicability": dict(Applicability.choices),
    "implementation": dict(Implementation.choices),
    "performed_by": dict(Performer.choices),
}


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field that differs."""

    name: str
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class EntryDiff:
    """One control that differs; `kind` is changed, added or removed."""

    code: str
    title: str
    kind: str
    fields: tuple[FieldDiff, ...]


def words_of(name: str, value: Any) -> str:
    """Return a field's value in words."""
    if value in (None, "", []):
        return ""
    if name in WORDS:
        return str(WORDS[name].get(value, value))
    if name == "reasons":
        return ", ".join(_reason(row) for row in value)
    if name == "per_system":
        return "; ".join(_per_system(row) for row in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name.endswith("_on"):
        day = date.fromisoformat(value)
        return f"{day.day} {day:%b %Y}"
    return str(value)


def _reason(row: Mapping[str, str]) -> str:
    label = str(Reason(row["code"]).label)
    return f"{label} ({row['ref'].partition(':')[2]})" if row["ref"] else label


def _per_system(row: Mapping[str, str]) -> str:
    parts = [str(WORDS["applicability"].get(row["applicability"], row["applicability"]))]
    if row["implementation"]:
        parts.append(str(WORDS["implementation"][row["implementation"]]))
    return f"{row['system']}: {', '.join(parts)}{', ' + row['why'] if row['why'] else ''}"


def differs(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> bool:
    """Whether a row says something else than before; a field that an older version did not know counts as empty."""
    if before is None:
        return True
    return any(_known(before, name) != _known(after, name) for name in COMPARED)


def _known(row: Mapping[str, Any], name: str) -> Any:
    value = row.get(name)
    if value in (None, "", []):
        return ""
    if name == "owner" and isinstance(value, dict):
        return value["name"]
    if name == "reasons":
        return [{"code": item["code"], "ref": item["ref"]} for item in value]
    return value


def field_diffs(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> tuple[FieldDiff, ...]:
    """Return the fields of one row that differ."""
    old = before or {}
    found = []
    for name in COMPARED:
        texts = words_of(name, _known(old, name)), words_of(name, _known(after, name))
        if texts[0] != texts[1]:
            found.append(FieldDiff(name, _(LABELS[name]), word_diff(*texts)))
    return tuple(found)


def entry_diffs(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[EntryDiff]:
    """Compare two statements' rows in the order of the newer one; removed rows come last."""
    old = {row["code"]: row for row in before}
    for row in after:
        earlier = old.pop(row["code"], None)
        if differs(earlier, row):
            kind = "changed" if earlier is not None else "added"
            yield EntryDiff(row["code"], row["title"], kind, field_diffs(earlier, row))
    for row in old.values():
        yield EntryDiff(row["code"], row["title"], "removed", field_diffs(row, {}))
