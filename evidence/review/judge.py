"""Weigh a document against what a control expects; the whole of it is declared in fixtures/review."""

from dataclasses import dataclass
from datetime import date

from evidence.reading import Document
from evidence.review.authority import Authority, authority_of
from evidence.review.data import LANGUAGES, Expected, expected, rubric, said
from evidence.review.dates import Dated, dates_in
from evidence.review.faults import Fault, blanked, counted, faults_in, faults_of_dates, faults_of_form, without_orders
from evidence.review.findings import Contents, Finding, Weighed, findings_of
from evidence.review.relevance import relevance_of
from evidence.review.specifics import Specifics, specifics_of
from evidence.review.words import Text

DAYS = 30.44
TITLE = 160


class UnknownRequirement(ValueError):
    """Nothing is declared for this requirement."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader proposes; `confidence` from 0 to 1 says how sure the rules are, not how good the document is."""

    requirement: str
    score: int
    dimensions: dict[str, int]
    strengths: tuple[Finding, ...]
    flags: tuple[Finding, ...]
    confidence: float
    method: str
    version: str
    language: str = ""

    @property
    def quotes(self) -> tuple[str, ...]:
        """Every quotation once, in the order of the findings."""
        return tuple(dict.fromkeys(finding.quote for finding in (*self.strengths, *self.flags) if finding.quote))


def review(document: Document, requirement: str, today: date) -> Draft:
    """Return the draft of the local rules for a document and a control, on a day; raises UnknownRequirement."""
    wanted = expected().get(requirement)
    if wanted is None:
        raise UnknownRequirement(requirement)
    if not document.text.strip():
        return _unread(document, requirement)
    injected, document = without_orders(document)
    whole = Text.of(document)
    found = [*injected, *faults_in(whole)]
    text = blanked(whole, found)
    dates = dates_in(text)
    authority, specifics = authority_of(text, dates), specifics_of(text, dates)
    contents = _contents(text, wanted, dates, authority, specifics)
    faults = [*counted(found), *faults_of_dates(text, dates, today), *faults_of_form(whole, text)]
    if not authority.is_approved and kind_of(text, wanted) in rubric()["approved_kinds"]:
        faults.append(Fault("unapproved"))
    points = {
        "relevance": relevance_of(text, wanted, contents.share),
        "specificity": specifics.points,
        "currency": _currency(dates, today),
        "authority": authority.points,
        "completeness": contents.points,
        "integrity": min((rubric()["faults"][fault.kind]["points"] for fault in faults), default=5),
    }
    score = _score(points, faults)
    strengths, flags = findings_of(Weighed(text, points, contents, faults, authority, specifics, dates))
    sure = _confidence(document, points, faults, score)
    return Draft(
        requirement, score, points, strengths, flags, sure, rubric()["method"], rubric()["version"], document.language
    )


def _unread(document: Document, requirement: str) -> Draft:
    points = dict.fromkeys(rubric()["dimensions"], 0)
    flag = Finding(f"Nothing could be read: {document.why or 'it holds no text'}")
    return Draft(requirement, 0, points, (), (flag,), 0.5, rubric()["method"], rubric()["version"])


def _score(points: dict[str, int], faults: list[Fault]) -> int:
    """Return the declared aggregate: a weighted mean under three caps."""
    rows = {name: row["weight"] for name, row in rubric()["dimensions"].items() if row["weight"]}
    mean = sum(points[name] * weight for name, weight in rows.items()) / sum(rows.values())
    caps = [rubric()["faults"][fault.kind]["cap"] for fault in faults]
    weakest = min(points[name] for name in rows if name != "relevance") + rubric()["reach"]
    allowed = rubric()["relevance_allows"][points["relevance"]]
    return max(0, min(int(v) for v in (mean + 0.5, weakest, allowed, *caps)))


def _contents(text: Text, wanted: Expected, dates: list[Dated], authority: Authority, specifics: Specifics) -> Contents:
    """Look for what the control expects, then for what every document of the kind holds."""
    language = text.document.language
    elements, used, general = list[tuple[str, int | None]](), set[str](), list[tuple[str, int | None]]()
    for name, words in wanted.elements:
        place = text.find(words.in_language(language), used)
        used |= set() if place is None else {text.quote(place)}
        elements.append((name, place))
    for name in rubric()["general"][kind_of(text, wanted)]:
        if name == "approver":
            general.append((name, authority.place if authority.is_approved else None))
        elif name == "date":
            general.append((name, next((dated.place for dated in dates if dated.kind != "due"), None)))
        elif name in {"systems", "numbers"}:
            general.append((name, specifics.place_of(name)))
        else:
            general.append((name, text.find(said("general_words", name).in_language(language))))
    return Contents(tuple(elements), tuple(general))


def kind_of(text: Text, wanted: Expected) -> str:
    """Return what kind of document it calls itself in its title, else what is usual for the control."""
    title = text.folded[:TITLE].split("\n\n")[0]
    places = {}
    for kind in rubric()["kind_words"]:
        found = said("kind_words", kind).in_language(text.document.language).among(title)
        if found:
            places[kind] = found.start()
    return wanted.kind if wanted.kind in places or not places else min(places, key=lambda kind: places[kind])


def _currency(dates: list[Dated], today: date) -> int:
    """Return five points for what is of this year, one for what is old or has no date at all."""
    due = max((dated.on for dated in dates if dated.kind == "due"), default=None)
    if due is not None and due < today:
        return 2 if (today - due).days <= 365 else 1
    made = [dated.on for dated in dates if dated.kind == "made" and dated.on <= today]
    past = made or [dated.on for dated in dates if dated.on <= today]
    if not past:
        return 4 if due is not None else 1
    age = (today - max(past)).days / DAYS
    points = next((points for points, most in rubric()["months"].items() if age <= most), 1)
    return max(int(points), 4) if due is not None else int(points)


def _confidence(document: Document, points: dict[str, int], faults: list[Fault], score: int) -> float:
    """Return how sure the rules are: less in other languages, on short texts, at the edge, under attack."""
    sure = 0.9
    sure -= 0.35 if document.language not in LANGUAGES else 0.05 * (document.language != "en")
    sure -= 0.25 * (points["relevance"] in (2, 3))
    sure -= 0.1 * (len(document.text.split()) < 120)
    sure -= 0.3 * any(fault.kind == "injection" for fault in faults)
    mean = sum(points.values()) / len(points)
    sure -= 0.15 * (mean - score >= 2)
    return round(max(0.05, sure), 2)
