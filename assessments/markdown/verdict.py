"""The last section: what remains of each impact, and what was decided by whom."""

import re
from dataclasses import dataclass
from datetime import date

from assessments.markdown.blocks import Item, Part, Table
from assessments.markdown.document import Stated, Verdict
from assessments.markdown.escaping import plain
from assessments.markdown.impacts import SCORES, ImpactsRead, residual_column, scores_in, unmixed
from assessments.markdown.rows import Said, label, pairs_of, rows_of
from assessments.markdown.values import Telling
from assessments.markdown.words import PUBLICATIONS, decision_of, label_of

_BOX = re.compile(r"(?:\[([ xX])\]|([☑☒✅☐]))\s*([^\[\]|☑☒✅☐]+)")
_RESIDUAL = re.compile(r"^residual (risk|score|level)s?( (of|for|to|from))? ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the last section says beside the scores that remain."""

    verdict: Verdict
    next_review_on: date | None
    publication: str


def verdict_of(parts: list[Part], impacts: ImpactsRead, telling: Telling) -> Judged:
    """Read residual scores into the impacts; return what was decided, by the file."""
    tables = [_only_tables(part) for part in parts]
    rows = rows_of(tables, residual_column, "number")
    telling.faults += rows.faults
    for row in rows.rows:
        _remaining(row, impacts, telling)
    said = Said(parts[0].line if parts else 0)
    for number, title, value in pairs_of(parts):
        name = label_of("decision", title)
        pair = scores_in(value)
        named = impacts.named(title) if pair and not name else []
        if named and pair:
            row = Said(number, fields={"residual_likelihood": pair[0], "residual_severity": pair[1]})
            impacts.found[named[0]] |= {each: telling.score(row, each) for each in row.fields}
        if name == "residual":
            _overall(number, title, plain(value), impacts, telling)
        is_ticked = name == "decision" and _BOX.search(value)
        said.put(name, value if is_ticked else plain(value), number)
    _below_headings(parts, impacts, telling)
    return Judged(
        verdict=_verdict(parts, said, telling),
        next_review_on=telling.day(said, "next_review_on", "The next review"),
        publication=telling.code(said, "publication", PUBLICATIONS),
    )


def _only_tables(part: Part) -> Part:
    """Return a part with its tables of more than two columns, which speak of impacts one a row."""
    wide = [block for block in part.blocks if isinstance(block, Table) and len(block.head) > 2]
    lines = {table.line for table in wide} | {row.line for table in wide for row in table.rows}
    lines |= {table.line + 1 for table in wide}
    body = [(number, text) for number, text in part.body if number in lines or not text.strip()]
    return Part(part.line, part.level, "", body)


def _remaining(row: Said, impacts: ImpactsRead, telling: Telling) -> None:
    unmixed(row)
    named = row.fields.get("number") or row.fields.get("description") or ""
    numbers = impacts.named(named)
    if not numbers:
        telling.fault(row.line, f"There is no impact “{named[:60]}” in the section of impacts.")
        return
    impact = impacts.found[numbers[0]]
    if pair := scores_in(row.fields.get("score", "")):
        row.put("residual_likelihood", pair[0], row.line)
        row.put("residual_severity", pair[1], row.line)
        row.fields["score"] = row.fields["score"].partition("=")[2].strip()
    for name in SCORES:
        if name not in ("likelihood", "severity") and (value := telling.score(row, name)) is not None:
            impact[name] = value
    if row.fields.get("target_on"):
        impact["target_on"] = telling.day(row, "target_on", "The target date")
    if row.fields.get("score") or row.fields.get("band"):
        score, band = row.fields.get("score", ""), row.fields.get("band", "")
        impacts.stated.append(Stated(row.line, numbers[0], "now", score, band))


def _below_headings(parts: list[Part], impacts: ImpactsRead, telling: Telling) -> None:
    """Read scores that stand below a heading which names an impact."""
    for part in parts[1:]:
        numbers = impacts.named(part.title)
        for line, title, value in pairs_of([part]) if numbers else ():
            name = residual_column(title)
            if name in SCORES:
                row = Said(line, fields={name: plain(value)})
                impacts.found[numbers[0]][name] = telling.score(row, name)


def _overall(line: int, title: str, value: str, impacts: ImpactsRead, telling: Telling) -> None:
    """Read what remains where it is said for the whole: scores when there is one impact, else its level in words."""
    pair = scores_in(f"{title} {value}")
    named = impacts.named(_RESIDUAL.sub("", title)) if pair else []
    if pair and named:
        row = Said(line, fields={"residual_likelihood": pair[0], "residual_severity": pair[1]})
        impacts.found[named[0]] |= {name: telling.score(row, name) for name in row.fields}
        impacts.stated.append(Stated(line, named[0], "now", "", value))
    elif pair and len(impacts.found) == 1:
        (impact,) = impacts.found.values()
        row = Said(line, fields={"residual_likelihood": pair[0], "residual_severity": pair[1]})
        impact |= {name: telling.score(row, name) for name in row.fields}
    elif value:
        impacts.stated.append(Stated(line, 0, "now", "", value))


def _verdict(parts: list[Part], said: Said, telling: Telling) -> Verdict:
    decision, reason = _decision(parts, said, telling), said.fields.get("reason", "")
    return Verdict(
        decision=decision,
        reason=reason,
        conditions_by=telling.day(said, "conditions_by", "The date of the conditions"),
        approver=said.fields.get("approver", ""),
        decided_on=telling.day(said, "decided_on", "The date of the decision"),
    )


def _decision(parts: list[Part], said: Said, telling: Telling) -> str:
    raw = said.fields.get("decision", "")
    ticked = _ticked(parts, said.line_of("decision"), telling)
    if ticked:
        return ticked
    if _BOX.search(raw) or not raw:
        return ""
    found = decision_of(raw)
    if not found:
        words = f"The decision “{raw[:60]}” is none of proceed (accept), with conditions, mitigate and decline."
        telling.fault(said.line_of("decision"), words)
    return found


def _ticked(parts: list[Part], line: int, telling: Telling) -> str:
    found = []
    for part in parts:
        for block in part.blocks:
            text = "" if isinstance(block, Table) else block.text
            pair = label(text)
            if pair and label_of("decision", pair[0]) not in ("", "decision"):
                continue
            boxes = [(mark or sign, words) for mark, sign, words in _BOX.findall(text)]
            found += [
                (block.line, decision)
                for mark, words in boxes
                if mark in "xX☑☒✅" and (decision := decision_of(words)) and (isinstance(block, Item) or len(boxes) > 1)
            ]
    if len({decision for _line, decision in found}) > 1:
        telling.fault(found[1][0] or line, "Two decisions are ticked.")
    return found[0][1] if found else ""
