"""Print how well the documents of a split are matched, against the bars that were set beforehand."""

from dataclasses import dataclass

import numpy as np

from bench.matching.labelled import Labelled, labelled
from bench.table import Row, show
from evidence.matching.suggest import Matches, match, order_of
from evidence.reading import document_of

IN_THREE, ABSTAINS, GIVEN_UP = 0.85, 0.80, 0.10


@dataclass(frozen=True)
class Outcome:
    """A document with what was suggested; `rank` is that of the first right control, if the matcher had to say."""

    document: Labelled
    said: Matches
    rank: int


def measure(split: str) -> int:
    """Match every document of the split and print the table."""
    outcomes = [outcome(one) for one in labelled(split)]
    related = [one for one in outcomes if one.document.labels]
    unrelated = [one for one in outcomes if not one.document.labels]
    english = [one for one in related if one.document.language == "en"]
    rows = [_ranked("English", english, IN_THREE)]
    rows += [
        _ranked(name, _in(related, code), 0) for code, name in (("de", "German"), ("fr", "French"), ("es", "Spanish"))
    ]
    rows.append(Row("mean reciprocal rank, English", f"{np.mean([1 / one.rank for one in english]):.3f}"))
    abstained = _share([one.said.abstain for one in unrelated])
    given_up = _share([one.said.abstain for one in related])
    rows.append(
        Row(
            f"abstains on unrelated ({len(unrelated)})",
            f"{abstained:.0%}",
            f"at least {ABSTAINS:.0%}",
            abstained >= ABSTAINS,
        )
    )
    rows.append(
        Row(f"abstains on related ({len(related)})", f"{given_up:.0%}", f"at most {GIVEN_UP:.0%}", given_up <= GIVEN_UP)
    )
    verbatim = _share([one.passage in out.document.text for out in outcomes for one in out.said.matches])
    rows.append(Row("passages that stand in the document", f"{verbatim:.0%}", "100%", verbatim == 1))
    rows += _calibration(outcomes)
    missed = [f"{one.document.id} ({', '.join(one.document.labels)}: {one.rank})" for one in related if one.rank > 3]
    code = show(f"Matching of documents, split {split}", rows)
    print(f"  Right control below the third place: {'; '.join(missed) or 'none'}")
    return code


def outcome(one: Labelled) -> Outcome:
    """Match a document, and find the place of its first right control."""
    document = document_of(one.text)
    said = match(document)
    order = order_of(document) if one.labels else []
    rank = min((order.index(code) + 1 for code in one.labels if code in order), default=99)
    return Outcome(one, said, rank)


def _in(outcomes: list[Outcome], language: str) -> list[Outcome]:
    return [one for one in outcomes if one.document.language == language]


def _ranked(name: str, outcomes: list[Outcome], least: float) -> Row:
    share = _share([one.rank <= 3 and not one.said.abstain for one in outcomes])
    bar = f"at least {least:.0%}" if least else ""
    return Row(f"right control among three, {name} ({len(outcomes)})", f"{share:.0%}", bar, share >= least)


def _calibration(outcomes: list[Outcome]) -> list[Row]:
    pairs = [(one.confidence, one.requirement in out.document.labels) for out in outcomes for one in out.said.matches]
    rows = []
    for low, high in ((0, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1.01)):
        inside = [right for sure, right in pairs if low <= sure < high]
        if inside:
            rows.append(
                Row(f"confidence {low:.0%} to {min(high, 1):.0%} ({len(inside)})", f"{_share(inside):.0%} right")
            )
    return rows


def _share(answers: list[bool]) -> float:
    return sum(answers) / len(answers) if answers else 1.0
