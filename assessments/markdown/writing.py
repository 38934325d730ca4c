"""A document as Markdown: a head, then six sections; the same document is always the same bytes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

import yaml

from assessments.markdown.document import SCALE, SECTIONS, TEXTS, Document, Head, Impact
from assessments.markdown.escaping import cell, prose
from assessments.markdown.extras import SENSITIVE, TRIGGERING, codes_written, questions_written
from assessments.sections.vocabulary import SENSITIVE_USES, TRIGGERS

Judge = Callable[[int, int], str]
DECISIONS = {
    "proceed": "Proceed",
    "conditions": "Proceed with conditions",
    "mitigate": "Mitigate first",
    "decline": "Decline",
}


def written(head: Head, document: Document, band: Judge) -> str:
    """Return the whole file; `band` names the level of two scores by the criteria that judge them."""
    parts = [
        *_head(head, document),
        *_context(document),
        *questions_written("context", document.answers, head.depth),
        *_parties(document),
        *questions_written("parties", document.answers, head.depth),
        *_impacts(document),
        *questions_written("impacts", document.answers, head.depth),
        *_scores(document, band),
        *_mitigations(document),
        *questions_written("mitigations", document.answers, head.depth),
        *_decision(document, band),
        *questions_written("decision", document.answers, head.depth),
    ]
    return "\n".join(parts).rstrip("\n") + "\n"


def _head(head: Head, document: Document) -> Iterator[str]:
    said = {
        "assessment": head.assessment,
        "edition": head.edition,
        "system": head.system,
        "version": document.system_version,
        "depth": head.depth,
    }
    yield "---"
    for name, value in said.items():
        if value:
            yield f"{name}: {_quoted(value)}"
    yield from ("---", "", f"# {cell(head.title or 'Impact assessment')}", "")


def _quoted(value: str) -> str:
    """Return a text as YAML takes it in one line, whatever its characters."""
    quoted = str(yaml.safe_dump(value, default_style='"', allow_unicode=False, width=10**6)).rstrip("\n")
    return quoted.replace("<!--", "\\x3C!--")


def _section(key: str) -> str:
    return f"## {list(SECTIONS).index(key) + 1}. {SECTIONS[key]}"


def _context(document: Document) -> Iterator[str]:
    yield from (_section("context"), "")
    for name, label in TEXTS.items():
        yield from (f"### {label}", "")
        if text := getattr(document, name):
            yield from (prose(text), "")
    yield from ("### Jurisdictions", "")
    yield from (f"- {cell(place)}" for place in document.jurisdictions)
    yield ""
    yield from codes_written(SENSITIVE, document.sensitive_uses, SENSITIVE_USES)


def _parties(document: Document) -> Iterator[str]:
    yield from (_section("parties"), "")
    head = ("Level", "Who", "A year", "How they were heard", "Can opt out", "Vulnerable")
    rows = [
        (one.kind, one.name, _number(one.per_year), one.heard, one.can_opt_out, "yes" if one.is_vulnerable else "no")
        for one in document.parties
    ]
    yield from _table(head, rows)


def _impacts(document: Document) -> Iterator[str]:
    yield from (_section("impacts"), "")
    head = (
        *("#", "Level", "Kind", "Dimension", "Impact", "Who", "How many"),
        *("Duration", "Reversibility", "Predictable failure"),
    )
    rows = [
        (
            *(str(one.number), one.level, one.valence, one.dimension, one.description, one.who),
            *(_number(one.affected_number), one.duration, one.reversibility, one.failure),
        )
        for one in document.impacts
    ]
    yield from _table(head, rows)


def _scores(document: Document, band: Judge) -> Iterator[str]:
    yield from (_section("scores"), "", SCALE, "")
    head = ("#", "Likelihood", "Severity", "Score", "Level of risk")
    rows = [
        (str(one.number), *_judged(one.likelihood, one.severity, band, one))
        for one in document.impacts
        if one.likelihood or one.severity
    ]
    yield from _table(head, rows)


def _mitigations(document: Document) -> Iterator[str]:
    yield from (_section("mitigations"), "")
    head = ("Impact", "Mitigation", "Kind", "Control", "In place", "Known to fail", "Due")
    rows = [
        (
            *(str(impact.number), one.text, one.kind, one.control),
            *("yes" if one.is_in_place else "no", "yes" if one.is_failing else "no", _day(one.due_on)),
        )
        for impact in document.impacts
        for one in impact.measures
    ]
    yield from _table(head, rows)


def _decision(document: Document, band: Judge) -> Iterator[str]:
    yield from (_section("decision"), "", "With the measures that are in place, and the dated target.", "")
    head = (
        *("#", "Likelihood now", "Severity now", "Score", "Level of risk"),
        *("Target likelihood", "Target severity", "Target date"),
    )
    yield from _table(head, [_remaining(one, band) for one in document.impacts if _has_more(one)])
    verdict = document.verdict
    said = (
        ("Decision", DECISIONS.get(verdict.decision, verdict.decision)),
        ("Reason", verdict.reason),
        ("Conditions met by", _day(verdict.conditions_by)),
        ("Approver", verdict.approver),
        ("Decided on", _day(verdict.decided_on)),
        ("Next review", _day(document.next_review_on)),
        ("Publication", document.publication),
    )
    yield from (f"- {label}: {cell(value)}".rstrip() for label, value in said)
    yield ""
    yield from codes_written(TRIGGERING, document.triggers, TRIGGERS)


def _remaining(one: Impact, band: Judge) -> tuple[str, ...]:
    target = (_number(one.target_likelihood), _number(one.target_severity), _day(one.target_on))
    return (str(one.number), *_judged(one.residual_likelihood, one.residual_severity, band, one), *target)


def _has_more(one: Impact) -> bool:
    return any(
        value is not None
        for value in (
            *(one.residual_likelihood, one.residual_severity, one.target_likelihood),
            *(one.target_severity, one.target_on),
        )
    )


def _judged(likelihood: int | None, severity: int | None, band: Judge, impact: Impact) -> tuple[str, str, str, str]:
    """Benefits have scores and no level: they are never netted against harms."""
    pair = (_number(likelihood), _number(severity))
    if likelihood is None or severity is None:
        return (*pair, "", "")
    return (*pair, str(likelihood * severity), band(likelihood, severity) if impact.valence == "harm" else "")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _each in head)} |"
    for row in rows:
        yield f"| {' | '.join(map(cell, row))} |"
    yield ""


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""
