"""A Markdown file as a document: generous with how it is written, strict with what it says."""

import re
from collections.abc import Mapping
from typing import Any

from assessments.markdown.blocks import Item, Part, Table, parts, uncommented
from assessments.markdown.context import context_of
from assessments.markdown.document import SECTIONS, Document, Head, Note, Party, Reading, in_order
from assessments.markdown.extras import extras_of
from assessments.markdown.impacts import impacts_of
from assessments.markdown.rows import rows_of
from assessments.markdown.values import Telling
from assessments.markdown.verdict import verdict_of
from assessments.markdown.words import column_of, said, sections_of
from systems.record.reading import read as read_yaml

MOST_BYTES = 2 * 1024 * 1024
MOST_IMPACTS = 2_000
HEAD = {
    "assessment": ("assessment", "id", "assessment_id", "reference", "ref"),
    "edition": ("edition",),
    "system": ("system", "system_id", "ai_system", "system_name"),
    "version": ("version", "system_version", "model_version"),
    "depth": ("depth",),
}
FEW = 3
_BOLD = re.compile(r"^(?:\*\*|__)([^*_|]{1,80}?):?(?:\*\*|__):?\s*$")
_BENEFITS = re.compile(r"^(?:potential |expected |foreseen )?benefits$")
SPREAD = {"scores": "impacts", "mitigations": "impacts"}


class _Unreadable(Exception):
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.note = Note(line, reason)


def read(content: bytes, labels: Mapping[str, Mapping[str, int]] | None = None) -> Reading:
    """Read the bytes of a file; never raises for what is in them. `labels` are the words of the scales, lowered."""
    telling = Telling({scale: dict(words) for scale, words in (labels or {}).items()})
    try:
        lines = _lines(content)
        meta, first = _front(lines)
        found = _parted(lines[first - 1 :], first)
        title, sections = _sections(found, telling)
    except _Unreadable as unreadable:
        return Reading(Head(), Document(), faults=(unreadable.note,))
    return _read(meta, title, sections, telling)


def _read(meta: dict[str, str], title: Part | None, sections: dict[str, list[Part]], telling: Telling) -> Reading:
    extras = extras_of(sections, telling)
    context = context_of(sections.get("context", []), title, telling)
    people = _parties(sections.get("parties", []), telling)
    impacts = impacts_of(sections, people, telling)
    judged = verdict_of(sections.get("decision", []), impacts, telling)
    texts = dict(context.texts)
    version = meta.get("version") or context.version
    document = Document(
        system_version=telling.short(version, 60, 1, "The version"),
        jurisdictions=context.jurisdictions,
        next_review_on=judged.next_review_on or context.next_review_on,
        parties=people,
        impacts=impacts.finished(telling),
        verdict=judged.verdict,
        sensitive_uses=extras.codes.get("sensitive_uses", ()),
        triggers=extras.codes.get("triggers", ()),
        publication=judged.publication,
        answers=extras.in_order(),
        **texts,
    )
    head = Head(
        title=title.title if title else "",
        assessment=meta.get("assessment", ""),
        edition=meta.get("edition", ""),
        system=meta.get("system") or context.system,
        depth=meta.get("depth", ""),
    )
    faults = in_order(telling.faults)
    speaks = extras.speaks | impacts.speaks | ({"publication"} if judged.publication else set())
    return Reading(
        head=head,
        document=document,
        faults=faults,
        notes=in_order(telling.notes),
        stated=tuple(impacts.stated),
        lines=tuple(impacts.lines.items()),
        speaks=frozenset(speaks),
    )


def _lines(content: bytes) -> list[str]:
    if len(content) > MOST_BYTES:
        raise _Unreadable(0, "The file is larger than 2 MB; one assessment is not.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _Unreadable(line, "This is not UTF-8. Save the file as UTF-8.") from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise _Unreadable(text.count("\n", 0, text.index("\0")) + 1, "This holds a character of code zero.")
    if not text.strip():
        raise _Unreadable(1, "The file is empty.")
    return uncommented(text).split("\n")


def _front(lines: list[str]) -> tuple[dict[str, str], int]:
    """Return what the YAML head says, and the number of the line after it."""
    if lines[0].rstrip() != "---":
        return {}, 1
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)
    if not end:
        raise _Unreadable(1, "The head begins with --- and does not end with it.")
    if not any(line.strip() and not line.strip().startswith("#") for line in lines[1:end]):
        return {}, end + 2
    reading = read_yaml("\n".join(lines[1:end]).encode())
    if reading.faults:
        fault = reading.faults[0]
        raise _Unreadable(fault.line + 1 if fault.line else 1, f"The head is no YAML: {fault.words}")
    return _known(reading.record), end + 2


def _known(record: dict[str, Any]) -> dict[str, str]:
    lowered = {said(str(name)).replace(" ", "_").replace("-", "_"): value for name, value in record.items()}
    found = {}
    for name, aliases in HEAD.items():
        value = next((lowered[alias] for alias in aliases if lowered.get(alias) not in (None, "")), "")
        if isinstance(value, str | int | float):
            found[name] = str(value)
    return found


def _parted(lines: list[str], first: int) -> list[Part]:
    """Cut lines at their headings; where those name few of the sections, lines in bold are headings too."""
    found = parts(lines, first)
    if len({key for part in found if part.level for key in sections_of(part.title)}) >= FEW:
        return found
    raised = [f"## {bold[1]}" if (bold := _BOLD.match(line)) and sections_of(bold[1]) else line for line in lines]
    return parts(raised, first)


def _sections(found: list[Part], telling: Telling) -> tuple[Part | None, dict[str, list[Part]]]:
    """Return the title with what stands below it, and the parts of each section."""
    level = _level(found)
    title = next((part for part in found if part.level and part.level < level), found[0])
    if title is found[0] and len(found) > 1 and "assessment" in said(found[1].title):
        title = found[1]
    sections: dict[str, list[Part]] = {}
    begun: dict[str, tuple[int, str]] = {}
    current: tuple[str, ...] | None = None
    for part in found:
        if part.level and part.level <= level:
            is_title = part is found[min(1, len(found) - 1)] and "assessment" in said(part.title)
            current = _begin(part, begun, telling) if part.level == level and not is_title else None
        if current is None:
            if part is not title and part.level and part.text:
                telling.note(part.line, f"Left out: “{part.title}” is none of the six sections.")
            continue
        for key in current:
            sections.setdefault(key, []).append(part)
    _refuse_missing(sections, found, telling)
    return title, sections


def _begin(part: Part, begun: dict[str, tuple[int, str]], telling: Telling) -> tuple[str, ...] | None:
    """Return what a heading begins; a second one under other words goes on with its section."""
    keys = ("impacts" if _lists(part) else "context",) if _BENEFITS.match(said(part.title)) else sections_of(part.title)
    for key in keys:
        line, title = begun.setdefault(key, (part.line, said(part.title)))
        if line != part.line and title == said(part.title):
            telling.fault(part.line, f"The section “{SECTIONS[key]}” is here twice: line {line} has it already.")
    return keys or None


def _lists(part: Part) -> bool:
    return any(isinstance(block, Table | Item) for block in part.blocks)


def _level(found: list[Part]) -> int:
    """Return the level of headings that names the most sections."""
    named = {
        level: {key for part in found if part.level == level for key in sections_of(part.title)}
        for level in range(1, 7)
    }
    return max(named, key=lambda level: (len(named[level]), -level))


def _refuse_missing(sections: dict[str, list[Part]], found: list[Part], telling: Telling) -> None:
    last = max(number for part in found for number in (part.line, *(line for line, _text in part.body)))
    for key, name in SECTIONS.items():
        if key in sections or (key in SPREAD and _holds(sections.get(SPREAD[key], []), key)):
            continue
        telling.fault(last, f"There is no section “{name}”.")


def _holds(found: list[Part], key: str) -> bool:
    """Whether the section of impacts says by itself what another section would."""
    wanted = {"likelihood", "severity"} if key == "scores" else {"measure"}
    read_rows = rows_of(found, lambda title: column_of("impacts", title), "description").rows
    return any(wanted & set(row.fields) for row in read_rows)


def _parties(found: list[Part], telling: Telling) -> tuple[Party, ...]:
    rows = rows_of(found, lambda title: column_of("parties", title), "name")
    telling.faults += rows.faults
    telling.notes += rows.notes
    people = []
    for row in rows.rows:
        name, _colon, more = (row.fields["name"], "", "") if "name" in row.fields else row.text.partition(":")
        name = name.strip(" *_") if not row.is_table else name
        if not name:
            telling.fault(row.line, "This party has no name.")
            continue
        if more.strip():
            telling.note(row.line, f"Left out: {more.strip()[:100]}")
        people.append(
            Party(
                kind=telling.level(row, "kind", name),
                name=telling.short(name, 160, row.line, "The name of the party"),
                per_year=telling.many(row, "per_year"),
                heard=telling.short(row.fields.get("heard", ""), 200, row.line, "How they were heard"),
                can_opt_out=telling.short(row.fields.get("can_opt_out", ""), 120, row.line, "Whether they can opt out"),
                is_vulnerable=telling.truth(row, "is_vulnerable"),
            )
        )
    return tuple(people)
