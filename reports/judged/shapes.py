"""What the templates of these reports print: finished words and drawings."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from assessments.law.view import LawView
from assessments.portfolio_page import Drawn, PortfolioLine
from reports.paper.shapes import ContentsLine, Pair, Score


@dataclass(frozen=True, slots=True)
class Front:
    """What every one of these papers carries: its running heads, its cover and the facts that control it."""

    title: str
    kind: str
    lead: str
    organisation: str
    running: str
    classification: str
    mark: str
    is_draft: bool
    created: str
    cover: tuple[Pair, ...]
    control: tuple[Pair, ...]
    contents: tuple[ContentsLine, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A figure of the summary: a number and what it counts."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One question of a section with its answer, or why it does not apply."""

    question: str
    text: str


@dataclass(frozen=True, slots=True)
class SectionPage:
    """A section of the assessment: its answers in order."""

    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class PartyLine:
    """An affected party."""

    name: str
    level: str
    per_year: str
    heard: str
    opt_out: str


@dataclass(frozen=True, slots=True)
class HarmLine:
    """One harm with its three judgements."""

    number: str
    text: str
    who: str
    about: tuple[str, ...]
    before: Score
    now: Score
    target: Score
    by: str


@dataclass(frozen=True, slots=True)
class BenefitLine:
    """One benefit; it is not scored against harms."""

    number: str
    text: str
    who: str


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure: which impact it treats, which control carries it, whether it is in place."""

    impact: str
    text: str
    control: str
    state: str


@dataclass(frozen=True, slots=True)
class PastLine:
    """One edition in the history of the system's judgement."""

    edition: str
    day: str
    decision: str
    before: Score
    now: Score
    criteria: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The criteria: the wording of a score or the range and acceptance of a band."""

    heads: tuple[str, str, str]
    title: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class SignLine:
    """A step of the approval."""

    what: str
    who: str
    title: str
    when: str
    record: str


@dataclass(frozen=True, slots=True)
class AssessmentPaper:
    """The report of one impact assessment."""

    front: Front
    decision: str
    conditions: str
    conditions_by: str
    figures: tuple[Judged, ...]
    worst: Score
    matrix: SafeString
    sections: tuple[SectionPage, ...]
    parties: tuple[PartyLine, ...]
    harms: tuple[HarmLine, ...]
    benefits: tuple[BenefitLine, ...]
    benefits_text: str
    measures: tuple[MeasureLine, ...]
    law: LawView | None
    picture: SafeString | str
    past: tuple[PastLine, ...]
    scales: tuple[Scale, ...]
    steps: tuple[SignLine, ...]
    digest: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PortfolioPaper:
    """The report of every system's judgement."""

    front: Front
    drawn: Drawn
    figures: tuple[Judged, ...]
    lines: tuple[PortfolioLine, ...]
