"""The rubric and the expected contents of each control, as they are shipped."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from evidence.review.words import Words

HOME = Path(__file__).resolve().parents[2] / "fixtures" / "review"
LANGUAGES = ("en", "de", "fr", "es")


@dataclass(frozen=True, slots=True)
class Said:
    """Words in each language, compiled when they are first asked for."""

    spoken: tuple[str, ...]

    def in_language(self, language: str) -> Words:
        """Return the words of a language; English where the rubric does not speak it."""
        return _compiled(self.spoken[LANGUAGES.index(language) if language in LANGUAGES else 0])


@dataclass(frozen=True, slots=True)
class Expected:
    """What a document that serves a control says."""

    code: str
    kind: str
    topic: Said
    elements: tuple[tuple[str, Said], ...]


@cache
def rubric() -> dict[str, Any]:
    """Return the rubric as it stands in its file."""
    return dict(yaml.safe_load((HOME / "rubric.yaml").read_text(encoding="utf-8")))


@cache
def expected() -> dict[str, Expected]:
    """Return what is expected for every control, by its code."""
    rows = yaml.safe_load((HOME / "expected.yaml").read_text(encoding="utf-8"))
    return {code: _expected(code, row) for code, row in rows.items()}


@cache
def said(*path: str) -> Said:
    """Return the words under a path of the rubric."""
    found: Any = rubric()
    for key in path:
        found = found[key]
    return _said(found)


def _expected(code: str, row: dict[str, Any]) -> Expected:
    elements = tuple((name, _said(line)) for name, line in row["elements"].items())
    return Expected(code, row["kind"], _said(row["topic"]), elements)


def _said(line: str) -> Said:
    spoken = line.split(" / ")
    if len(spoken) != len(LANGUAGES):
        raise ValueError(line)
    return Said(tuple(spoken))


@cache
def _compiled(words: str) -> Words:
    return Words.of(words)
