"""The EU AI Act view of one system and one assessment: a pure function of record, frozen form and day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from assessments.freezing import frozen_form
from assessments.law.data import Dates, Day, Element, about_duties, articles, dates_on
from assessments.law.speaking import Body, Spoken, spoken
from assessments.law.standing import Basis, Facts, Standing, facts_of, standings
from assessments.models import Assessment
from assessments.queries.sheet import sheet_of
from systems.applying.classify import Classification, Note, classify

HIGH_RISK_FIELDS = frozenset(
    {"role", "high_risk_basis", "annex_i_act", "annex_iii_point", "profiles_persons", "exception", "exception_reason"}
)


class Told(StrEnum):
    """How far an assessment speaks to an element; none of them says that a duty is met."""

    TOLD = "told"
    PART = "part"
    NOT_TOLD = "not-told"
    NOT_COVERED = "not-covered"


@dataclass(frozen=True, slots=True)
class ElementLine:
    """One element with the parts that speak to it, and what lies beyond the standards."""

    key: str
    label: str
    only: str
    beyond: str
    sources: tuple[Spoken, ...]

    @property
    def state(self) -> Told:
        """Return how far it is told."""
        if not self.sources:
            return Told.NOT_COVERED
        said = sum(one.is_told for one in self.sources)
        return Told.TOLD if said == len(self.sources) else Told.PART if said else Told.NOT_TOLD

    @property
    def words(self) -> str:
        """The state in words."""
        return {
            Told.TOLD: _("Told"),
            Told.PART: _("Told in part"),
            Told.NOT_TOLD: _("Not told"),
            Told.NOT_COVERED: _("Not covered"),
        }[self.state]

    @property
    def look(self) -> tuple[str, str]:
        """Glyph and tone; telling is no conformity, so nothing here is green."""
        return {
            Told.TOLD: ("info", "info"),
            Told.PART: ("half", "info"),
            Told.NOT_TOLD: ("none", "none"),
            Told.NOT_COVERED: ("na", "warn"),
        }[self.state]


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article with its standing; its elements come only where it binds, and so does its day."""

    number: str
    title: str
    standing: Standing
    day: Day | None
    elements: tuple[ElementLine, ...]


@dataclass(frozen=True, slots=True)
class LawView:
    """What the Act asks of an organisation for one system, beside what one assessment tells."""

    basis: Basis
    why: str
    classification: Classification
    not_known: tuple[Note, ...]
    articles: tuple[ArticleLine, ...]
    dates: Dates
    edition: int
    dated: date

    @property
    def is_said(self) -> bool:
        """Whether the record says anything to the Act."""
        return self.classification.is_said


def law_view(record: Mapping[str, Any], body: Body, on: date) -> LawView:
    """Put the view together; an empty body stands for a system without an assessment."""
    facts, found, dates = facts_of(record), classify(record), dates_on(on)
    return LawView(
        basis=facts.basis,
        why=why(facts),
        classification=found,
        not_known=tuple(note for note in found.missing if note.field in HIGH_RISK_FIELDS),
        articles=tuple(_article(standing, facts, body, dates) for standing in standings(facts)),
        dates=dates,
        edition=about_duties()["edition"],
        dated=about_duties()["dated"],
    )


def view_of(assessment: Assessment, on: date, at: datetime | None = None) -> LawView:
    """Return the view of an edition, now or at an instant; four queries when its system is selected with it."""
    return law_view(assessment.system.record, frozen_form(sheet_of(assessment, at)), on)


def why(facts: Facts) -> str:
    """Say why the system is high-risk, or is not, or that it is not known."""
    return {
        Basis.ANNEX_I: _(
            "High-risk: it is, or secures, a product of Annex I that a third party has to assess (Art. 6(1))."
        ),
        Basis.ANNEX_III: _("High-risk: it is used as a point of Annex III describes (Art. 6(2))."),
        Basis.PROFILING: _(
            "High-risk: an exception is claimed and it profiles people, so no exception holds (Art. 6(3))."
        ),
        Basis.EXCEPTED: _(
            "Not high-risk, as the record claims: a point of Annex III fits, and Art. 6(3) takes it out."
        ),
        Basis.NEITHER: _("Not high-risk, as the record states: neither Annex I nor Annex III fits."),
        Basis.OUTSIDE: _("The record states that the system is outside the scope of the Act, and names no basis."),
        Basis.UNKNOWN: _("Not known: the record does not say, or not in full, whether it is high-risk and why."),
    }[facts.basis]


def _article(standing: Standing, facts: Facts, body: Body, dates: Dates) -> ArticleLine:
    article = articles()[standing.article]
    day = dates.annex_i if facts.basis is Basis.ANNEX_I else dates.annex_iii
    elements = tuple(_element(one, body) for one in article.elements) if standing.binds else ()
    return ArticleLine(article.number, article.title, standing, day if standing.binds else None, elements)


def _element(element: Element, body: Body) -> ElementLine:
    sources = tuple(spoken(key, body) for key in element.reads)
    return ElementLine(element.key, element.label, element.only, element.beyond, sources)
