"""What the pages print: the proposals of one system, its classification, and what a control asks of all of them."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext as _

from controls.models import Requirement
from systems.applying.asked import CONTROLS, Answer, Field, Filled, answer_of, fields_of, filled
from systems.applying.evaluate import Met, met_by
from systems.applying.models import Implication
from systems.applying.queries import in_play
from systems.applying.rules import Strength
from systems.applying.words import strength_words
from systems.models import AiSystem

PAGE_SIZE = 50
GLYPHS = {Answer.ALL: ("done", "ok"), Answer.PART: ("half", "info"), Answer.NOTHING: ("none", "warn")}


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A requirement that a system's facts speak for, with the sentences that say why."""

    code: str
    title: str
    strength: str
    is_demanded: bool
    sentences: tuple[str, ...]


def asked_lines(system: AiSystem) -> list[AskedLine]:
    """Return what the facts of a system speak for, in the order of the standard; one query."""
    found: dict[str, list[tuple[Strength, Met]]] = {}
    for met in met_by(system.record):
        for code, strength in met.rule.asks.items():
            found.setdefault(code, []).append((strength, met))
    rows = Requirement.objects.linkable().filter(code__in=found).in_order().values_list("code", "title")
    return [_line(code, title, found[code], system.code) for code, title in rows]


def _line(code: str, title: str, asked: list[tuple[Strength, Met]], system: str) -> AskedLine:
    demanded = any(strength is Strength.DEMANDS for strength, _met in asked)
    strongest = Strength.DEMANDS if demanded else Strength.PROPOSES
    ordered = sorted(asked, key=lambda pair: pair[0] is not Strength.DEMANDS)
    sentences = tuple(met.rule.sentence(system, met.what) for _strength, met in ordered)
    return AskedLine(code, title, strength_words(strongest), demanded, sentences)


@dataclass(frozen=True, slots=True)
class Cell:
    """How far a field is filled, in shape, colour and words."""

    glyph: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A system and what it says in each field that a control asks for."""

    code: str
    name: str
    address: str
    state: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class AskedPage:
    """What one control asks to be recorded, and how a page of systems in scope answers."""

    control: str
    title: str
    fields: tuple[Field, ...]
    page: "Page[Any]"
    rows: tuple[AskedRow, ...]
    counts: tuple[tuple[str, str, int], ...]


def asked_page(slug: str, control: str, state: str, number: str) -> AskedPage:
    """Return the fields of a control for a page of systems in scope; four queries however many systems there are."""
    requirement = Requirement.objects.get(code=control)
    counts = _counts(control)
    wanted = {row.value: row for row in Answer}.get(state)
    shown = Paginator(_answering(control, wanted), PAGE_SIZE).get_page(number)
    fields = fields_of(control)
    rows = tuple(_row(row, slug, control, fields) for row in shown)
    return AskedPage(control, requirement.title, fields, shown, rows, counts)


def in_scope() -> "QuerySet[AiSystem]":
    """Return the systems in scope, by code."""
    return AiSystem.objects.in_scope().only("code", "key", "name", "record").order_by("code")


def _answering(control: str, wanted: Answer | None) -> "QuerySet[AiSystem]":
    if wanted is None:
        return in_scope()
    place = CONTROLS.index(control) + 1
    rows = Implication.objects.current().annotate(letter=Substr("answers", place, 1)).filter(letter=wanted.value)
    return in_scope().filter(pk__in=rows.values("system_id"))


def _counts(control: str) -> tuple[tuple[str, str, int], ...]:
    counts = in_play().answers.get(control, {})
    words = {Answer.ALL: _("Say all"), Answer.PART: _("Say part"), Answer.NOTHING: _("Say nothing")}
    return tuple((answer.value, words[answer], counts.get(answer, 0)) for answer in Answer)


def _row(system: AiSystem, slug: str, control: str, fields: tuple[Field, ...]) -> AskedRow:
    cells = tuple(_cell(filled(system.record, field.path)) for field in fields)
    address = reverse("systems:detail", args=[slug, system.code])
    return AskedRow(system.code, system.name, address, _state(answer_of(system.record, control)), cells)


def _state(answer: Answer) -> Cell:
    words = {Answer.ALL: _("All"), Answer.PART: _("Part"), Answer.NOTHING: _("Nothing")}
    return Cell(*GLYPHS[answer], words[answer])


def _cell(found: Filled) -> Cell:
    if found.answer is None:
        return Cell("na", "none", _("No row"))
    if found.of == 1:
        return Cell(*GLYPHS[found.answer], _("Said") if found.said else _("Not said"))
    return Cell(*GLYPHS[found.answer], _("%(said)s of %(of)s") % {"said": found.said, "of": found.of})


def asked_csv(control: str) -> list[list[object]]:
    """Return every system in scope with each field that a control asks for, as rows of a table; one query."""
    fields = fields_of(control)
    head: list[object] = [_("Reference"), _("Id"), _("Name"), _("Answered")]
    rows = [[*head, *(".".join(map(str, field.path)) for field in fields)]]
    for system in in_scope().iterator(chunk_size=200):
        cells = [_cell(filled(system.record, field.path)).words for field in fields]
        answer = _state(answer_of(system.record, control)).words
        rows.append([system.code, system.key, system.name, answer, *cells])
    return rows
