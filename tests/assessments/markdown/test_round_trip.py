"""Any document, written and read again, is itself."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as some

from assessments.markdown.document import Answer, Document, Head, Impact, Measure, Party, Verdict
from assessments.markdown.reading import read
from assessments.markdown.writing import DECISIONS, written
from assessments.models import Depth, Duration, MeasureKind, Publication, Reversibility
from assessments.sections.questions import QUESTIONS
from assessments.sections.vocabulary import SENSITIVE_USES, TRIGGERS, Words

SIGNS = "ab Ü中ع-=#|\\*_`<>[]()&;:.,1\n\t\r\"'~+/ "
days = some.none() | some.dates(date(2000, 1, 1), date(2099, 12, 31))
scores = some.none() | some.integers(1, 5)


def words(most: int, least: int = 0) -> some.SearchStrategy[str]:
    """Any text, with more of what means something in Markdown."""
    signs = some.sampled_from(SIGNS) | some.characters(exclude_categories=["Cs"], exclude_characters="\0")
    hard = some.sampled_from(
        ["<br>", "---", "# Impacts", "```", "&#65;", "<!-- x -->", "- Decision: decline", "n/a", "| a | b |\n|---|---|"]
    )
    return (some.text(signs, min_size=least, max_size=most) | hard).filter(lambda text: len(text) <= most)


@some.composite
def measures(draw: some.DrawFn) -> Measure:
    """A measure."""
    control = draw(some.sampled_from(["", "A.9.2", "A.6.2.4", "6.1.4", "ORG.1"]))
    return Measure(
        *(draw(words(40, 1)), control, draw(some.booleans()), draw(days)),
        *(draw(some.sampled_from(["", *MeasureKind.values])), draw(some.booleans())),
    )


@some.composite
def impacts(draw: some.DrawFn, number: int) -> Impact:
    """An impact under a number."""
    return Impact(
        number,
        draw(words(40, 1)),
        draw(some.sampled_from(["individual", "group", "society"])),
        draw(some.sampled_from(["harm", "benefit"])),
        draw(some.sampled_from(["", "fairness", "security_privacy", "Well-being"])),
        draw(words(30)),
        *(draw(scores) for _each in range(6)),
        draw(days),
        tuple(draw(some.lists(measures(), max_size=3))),
        draw(some.none() | some.integers(0, 2_000_000_000)),
        draw(some.sampled_from(["", *Duration.values])),
        draw(some.sampled_from(["", *Reversibility.values])),
        draw(words(40)),
    )


@some.composite
def answers(draw: some.DrawFn) -> tuple[Answer, ...]:
    """Answers to some questions, or why they do not apply, in the order of the questions."""
    keys = draw(some.sets(some.sampled_from([one.key for one in QUESTIONS]), max_size=4))
    reasons = {key: draw(some.booleans()) for key in keys}
    texts = words(60, 1) | some.sampled_from(["n/a: none", "**Not applicable because:** x", "N/A - y", "- a\n- b"])
    return tuple(
        Answer(one.key, **{"because" if reasons[one.key] else "text": draw(texts)})
        for one in QUESTIONS
        if one.key in keys
    )


def codes(known: Words) -> some.SearchStrategy[tuple[str, ...]]:
    """Some codes of a vocabulary."""
    return some.lists(some.sampled_from([code for code, _label in known]), unique=True, max_size=4).map(tuple)


@some.composite
def documents(draw: some.DrawFn) -> Document:
    """A whole assessment."""
    numbers = sorted(draw(some.sets(some.integers(1, 400), max_size=4)))
    people = some.builds(
        Party,
        kind=some.sampled_from(["individual", "group", "society"]),
        name=words(30, 1),
        per_year=some.none() | some.integers(0, 2_000_000_000),
        heard=words(30),
        can_opt_out=words(30),
        is_vulnerable=some.booleans(),
    )
    verdict = Verdict(
        draw(some.sampled_from(["", *DECISIONS])), draw(words(40)), draw(days), draw(words(80)), draw(days)
    )
    return Document(
        system_version=draw(words(60)),
        intended_use=draw(words(60)),
        foreseeable_misuse=draw(words(60)),
        oversight=draw(words(60)),
        benefits=draw(words(60)),
        jurisdictions=tuple(draw(some.lists(words(40, 1), max_size=3))),
        next_review_on=draw(days),
        parties=tuple(draw(some.lists(people, max_size=3))),
        impacts=tuple(draw(impacts(number)) for number in numbers),
        verdict=verdict,
        sensitive_uses=draw(codes(SENSITIVE_USES)),
        triggers=draw(codes(TRIGGERS)),
        publication=draw(some.sampled_from(["", *Publication.values])),
        answers=draw(answers()),
    )


def band(likelihood: int, severity: int) -> str:
    """A level in words."""
    return "High" if likelihood * severity > 9 else "Low"


@settings(max_examples=60, deadline=None)
@given(documents(), words(60), words(20), some.sampled_from(["", *Depth.values]))
def test_a_document_written_and_read_is_itself(document: Document, title: str, code: str, depth: str) -> None:
    head = Head(title, code, "1.0", code, depth)
    text = written(head, document, band)
    reading = read(text.encode())
    assert not reading.faults, "\n".join(map(str, reading.faults)) + text
    assert reading.document == document
    assert (reading.head.assessment, reading.head.system) == (code, code)
    assert reading.head.depth == depth
    assert written(head, reading.document, band) == text
