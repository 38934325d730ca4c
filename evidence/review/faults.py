"""What an auditor would hold against a document whatever its subject: each fault with its words, verbatim."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from evidence.reading import Document, document_of
from evidence.review.data import rubric, said
from evidence.review.dates import Dated
from evidence.review.words import Text

HEAD, TAIL = 900, 700
BLOCK = 900
MANY = 3
WORD = re.compile(r"\w+")
SCRAP, SHORT = 25, 70
YEAR = 365
BLANKED = ("placeholder", "filler", "open_point")
AT_THE_EDGES = {"draft", "pending", "superseded"}
TESTED = re.compile(r"inject|red team|attack|adversarial|jailbreak|angriff|attaque|ataque|test case|testfall")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its kind in the rubric, and the words that show it, from `start` to `end`; none when it is a lack."""

    kind: str
    quote: str = ""
    start: int = 0
    end: int = 0


def without_orders(document: Document) -> tuple[list[Fault], Document]:
    """Return what speaks to the reader of a document, and the document without the paragraphs that do.

    Everything is judged on what is left, its language and length too, so that no such words can help.
    """
    text = Text.of(document)
    found = [fault for fault in faults_in(text) if fault.kind == "injection"]
    if not found:
        return [], document
    left = list(document.text)
    for fault in found:
        start, end = _extent(text, fault)
        left[start:end] = [one if one in "\n\f" else " " for one in left[start:end]]
    cleared = document_of("".join(left), pages=document.pages)
    return found, cleared if cleared.text else document_of("-" + " " * len(left))


def faults_in(text: Text) -> list[Fault]:
    """Return what the words of a document show against it, in the order of the rubric."""
    return [fault for kind in rubric()["fault_words"] for fault in _of_kind(kind, text)]


def blanked(text: Text, faults: list[Fault]) -> Text:
    """Return the text without what may not count for it: injected words with their paragraph, open and empty lines."""
    return text.without([_extent(text, fault) for fault in faults if fault.kind in BLANKED])


def counted(faults: list[Fault]) -> list[Fault]:
    """Return one fault of each kind, placeholders and open points weighed by their number."""
    first: dict[str, Fault] = {}
    for fault in faults:
        first.setdefault(fault.kind, fault)
    for kind, grave in (("placeholder", "template"), ("open_point", "open_points")):
        if sum(fault.kind == kind for fault in faults) >= MANY:
            held = first.pop(kind)
            first[grave] = Fault(grave, held.quote, held.start, held.end)
    return list(first.values())


def faults_of_dates(text: Text, dates: list[Dated], today: date) -> Iterator[Fault]:
    """Yield what is wrong with the dates of a document on a day."""
    ahead = [dated for dated in dates if dated.is_act and (dated.on - today).days > 1]
    if ahead:
        yield Fault("future", text.quote(ahead[0].place))
    due = max((dated for dated in dates if dated.kind == "due"), key=lambda dated: dated.on, default=None)
    if due is not None and due.on < today:
        kind = "long_expired" if (today - due.on).days > YEAR else "expired"
        yield Fault(kind, text.quote(due.place))
    past = [dated for dated in dates if dated.on <= today]
    newest = max(past, key=lambda dated: dated.on, default=None)
    if newest is not None and (today - newest.on).days > 3 * YEAR + 30 and not (due and due.on >= today):
        yield Fault("stale", text.quote(newest.place))


def faults_of_form(text: Text, left: Text) -> Iterator[Fault]:
    """Yield what the shape of a document lacks: length, and a signature under minutes."""
    count = len(WORD.findall(left.folded))
    if count < SHORT:
        yield Fault("scrap" if count < SCRAP else "short")
    language = text.document.language
    title = text.folded[:160]
    if said("general_words", "minutes").in_language(language).among(title):
        edges = text.folded[:HEAD] + "\n" + text.folded[-TAIL:]
        if not said("general_words", "signed").in_language(language).among(edges):
            yield Fault("unsigned", text.quote(0))


@cache
def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.MULTILINE) for pattern in rubric()["fault_words"][kind])


def _of_kind(kind: str, text: Text) -> Iterator[Fault]:
    seen: list[tuple[int, int]] = []
    for pattern in _patterns(kind):
        for match in pattern.finditer(text.folded):
            is_edge = match.start() < HEAD or match.start() > len(text.folded) - TAIL
            if (kind in AT_THE_EDGES and not is_edge) or any(start <= match.start() < end for start, end in seen):
                continue
            quote = text.quote(match.start())
            if kind == "injection" and TESTED.search(text.folded[max(0, match.start() - 160) : match.end() + 80]):
                continue
            seen.append(match.span())
            yield Fault(kind, quote, match.start(), match.end())


def _extent(text: Text, fault: Fault) -> tuple[int, int]:
    """Return from where to where a fault takes the words around it with it."""
    whole = text.folded
    if fault.kind == "injection":
        start, end = whole.rfind("\n\n", 0, fault.start) + 1, whole.find("\n\n", fault.end)
        start, end = max(start, whole.rfind("\f", 0, fault.start) + 1), end if end > -1 else len(whole)
        if end - start <= BLOCK:
            return start, end
    if fault.kind == "open_point":
        place = max(whole.rfind(mark, 0, fault.start) for mark in (". ", "\n", "; ", "! ", "? ")) + 1
        stops = [stop for mark in (". ", "\n", "; ") if (stop := whole.find(mark, fault.end)) > -1]
        return place, min(stops, default=len(whole))
    stop = whole.find("\n", fault.end)
    return whole.rfind("\n", 0, fault.start) + 1, stop if stop > -1 else len(whole)
