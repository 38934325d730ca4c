"""What the pages of policies show, as finished shapes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.engine import NoEngine, Source, judge
from policies.models import Policy, PolicyVersion
from policies.ports import Failing, Standing, subjects
from policies.stages import STAGES

NONE = Standing()


@dataclass(frozen=True, slots=True)
class Row:
    """A policy in the list."""

    name: str
    title: str
    address: str
    controls: str
    due_from: str
    is_on: bool
    is_own: bool
    number: int
    tone: str
    glyph: str
    words: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A version in the list of a policy's versions."""

    number: int
    note: str
    by: str
    at: datetime
    sha256: str
    address: str
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a text, or of the difference of two: `kind` is same, ins or del, `number` that of the later text."""

    number: int
    text: str
    kind: str = "same"


@dataclass(frozen=True, slots=True)
class Tried:
    """What a text that is not saved says about one system."""

    tone: str
    glyph: str
    words: str
    messages: tuple[str, ...]


def policy_rows(slug: str) -> tuple[Row, ...]:
    """Return every policy with how it stands, by name; three queries."""
    holder = subjects()
    found = holder.standings() if holder else {}
    return tuple(_row(policy, found.get(policy.pk, NONE), slug) for policy in Policy.objects.all())


def _row(policy: Policy, standing: Standing, slug: str) -> Row:
    tone, glyph, words = _standing(policy, standing)
    return Row(
        name=policy.name,
        title=policy.title,
        address=reverse("policies:detail", args=[slug, policy.name]),
        controls=", ".join(policy.controls),
        due_from=stage_words(policy.due_from),
        is_on=policy.is_on,
        is_own=not policy.is_shipped,
        number=policy.number,
        tone=tone,
        glyph=glyph,
        words=words,
    )


def _standing(policy: Policy, standing: Standing) -> tuple[str, str, str]:
    if not policy.is_on:
        return "none", "na", _("Off")
    if not standing.judged:
        return "none", "none", _("Not judged yet")
    if standing.errors:
        counted = ngettext("%(n)d system could not be judged", "%(n)d systems could not be judged", standing.errors)
        return "bad", "warn", counted % {"n": standing.errors}
    said = {"passed": standing.passed, "all": standing.judged}
    is_whole = standing.passed == standing.judged
    return "ok" if is_whole else "bad", "done" if is_whole else "bad", _("%(passed)d of %(all)d pass") % said


def stage_words(stage: str) -> str:
    """Return a stage as people write it."""
    words = {
        "inception": _("Inception"),
        "design": _("Design and development"),
        "verification": _("Verification and validation"),
        "deployment": _("Deployment"),
        "operation": _("Operation and monitoring"),
    }
    return words[stage] if stage in STAGES else _("The beginning")


def editions(policy: Policy, slug: str) -> tuple[Edition, ...]:
    """Return the versions of a policy, newest first; one query."""
    rows = PolicyVersion.objects.filter(policy=policy).select_related("by").defer("text")
    return tuple(
        Edition(
            number=row.number,
            note=row.note,
            by=row.by.display_name if row.by else "Assay",
            at=row.at,
            sha256=row.sha256,
            address=reverse("policies:version", args=[slug, policy.name, row.number]),
            is_in_force=row.number == policy.number,
        )
        for row in rows
    )


def failing(policy: Policy) -> tuple[tuple[Failing, ...], int]:
    """Return the first systems that a policy does not pass, and how many there are."""
    holder = subjects()
    found, count = holder.failing(policy.pk) if holder else ((), 0)
    return tuple(found), count


def lines(text: str) -> tuple[TextLine, ...]:
    """Return the lines of a text with their numbers."""
    return tuple(TextLine(number, line) for number, line in enumerate(text.splitlines(), 1))


def differing(before: str, after: str) -> tuple[TextLine, ...]:
    """Return the lines of the later text, with those that went before them; nothing where both are the same."""
    return tuple(_differing(before.splitlines(), after.splitlines())) if before != after else ()


def _differing(old: list[str], new: list[str]) -> Iterator[TextLine]:
    for kind, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (TextLine(number + 1, new[number]) for number in range(first, last))
        else:
            yield from (TextLine(0, line, "del") for line in old[start:end])
            yield from (TextLine(number + 1, new[number], "ins") for number in range(first, last))


def tried_on(code: str, name: str, text: str, today: datetime) -> Tried | None:
    """Judge one system by a text that is not saved, in a child; None where there is no such system."""
    holder = subjects()
    record = holder.record(code) if holder else None
    if record is None:
        return None
    try:
        told = judge([Source(f"{name}.rego", text)], [record], today=today.date())
    except NoEngine as error:
        return Tried("bad", "warn", str(error), ())
    if told.faults or not told.outcomes[0]:
        faults = tuple(map(str, told.faults)) or (_("It has no rule named deny, so it would pass everything."),)
        return Tried("bad", "warn", _("The text cannot be used"), faults)
    (outcome,) = told.outcomes[0].values()
    tone, glyph, words = {
        "passed": ("ok", "done", _("%s passes")),
        "failed": ("bad", "bad", _("%s fails")),
        "error": ("bad", "warn", _("%s could not be judged")),
    }[outcome.state]
    return Tried(tone, glyph, words % code, outcome.messages)
