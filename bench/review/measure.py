"""Read the labelled documents, and say how far the rules agree with their labels."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from evidence.reading import document_of
from evidence.review.judge import Draft, review

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """One document given for one control, with the score that a person gave it."""

    name: str
    requirement: str
    score: int
    language: str
    text: str
    on: date
    is_apart: bool

    def judged(self) -> Draft:
        """Return what the rules make of it."""
        return review(document_of(self.text), self.requirement, self.on)


def cases(part: str) -> Iterator[Case]:
    """Yield the cases of a part: `train` or `test`; a document given for another control is a case apart."""
    told: dict[str, Any] = yaml.safe_load((HERE / f"{part}.yaml").read_text(encoding="utf-8"))
    for row in told["documents"]:
        given = {row["requirement"]: row["score"]} | row.get("also", {})
        for requirement, score in given.items():
            is_apart = requirement != row["requirement"]
            yield Case(row["id"], requirement, score, row.get("language", "en"), row["text"], told["day"], is_apart)


def share_within(pairs: list[tuple[int, int]], most: int = 1) -> float:
    """Return how many of the pairs are at most so many points apart, from 0 to 1."""
    return sum(abs(one - other) <= most for one, other in pairs) / len(pairs)
