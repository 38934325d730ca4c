"""What controls ask to be recorded of a system, and how far a record answers, place by place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from systems.applying.conditions import is_empty
from systems.record.reading import Path
from systems.record.schema import fields_serving, schema, walk

CONTROLS = (
    *("A.4.2", "A.4.3", "A.4.4", "A.4.5", "A.4.6"),
    *("A.6.2.2", "A.6.2.7"),
    *("A.7.2", "A.7.3", "A.7.4", "A.7.5", "A.7.6"),
    *("A.10.2", "A.10.3", "A.10.4"),
)
INSTEAD: Mapping[Path, Path] = {
    ("data", "sources"): ("data", "rag_sources"),
    ("data", "rag_sources"): ("data", "sources"),
    ("models",): ("model",),
    ("model",): ("models",),
}
"""Lists that stand for each other: what one of them says need not be said in the other."""


class Answer(StrEnum):
    """How far a control's questions are answered; the letters are kept as they are, in the order of `CONTROLS`."""

    ALL = "a"
    PART = "p"
    NOTHING = "n"


@dataclass(frozen=True, slots=True)
class Field:
    """A place of the record that a control asks for, with its title and the title of the list or section around it."""

    path: Path
    title: str
    around: str


@dataclass(frozen=True, slots=True)
class Filled:
    """How many of the rows that a place has say something; `of` is zero where there is no row to say it in."""

    said: int
    of: int

    @property
    def answer(self) -> Answer | None:
        """All, part, nothing, or None where the place does not come up."""
        if not self.of:
            return None
        return Answer.ALL if self.said == self.of else Answer.PART if self.said else Answer.NOTHING


@cache
def fields_of(control: str) -> tuple[Field, ...]:
    """Return the fields that a control asks for, in the order of the schema."""
    rules = dict(walk(schema(), ()))
    return tuple(
        Field(path, str(rules[path]["title"]), str(rules[path[:-1]]["title"]) if path[:-1] in rules else "")
        for path in fields_serving().get(control, ())
    )


def filled(record: Mapping[str, Any], path: Path) -> Filled:
    """Return how far a place of a record is filled."""
    said = list(_said(record, path))
    if not any(said) and path in INSTEAD and any(_said(record, INSTEAD[path])):
        return Filled(0, 0)
    return Filled(sum(said), len(said))


def _said(value: Any, path: Path, inside: tuple[str, ...] = ()) -> Iterator[bool]:
    """Say for every row on the way whether it says something: a list without rows says itself that there are none."""
    if isinstance(value, list) and path:
        for row in value:
            yield from _said(row, path, inside)
    elif not path:
        yield value == [] or not is_empty(value)
    elif isinstance(value, dict) or inside not in _lists():
        here = (*inside, str(path[0]))
        yield from _said(value.get(path[0]) if isinstance(value, dict) else None, path[1:], here)


@cache
def _lists() -> frozenset[Path]:
    return frozenset(path for path, rule in walk(schema(), ()) if rule.get("items", {}).get("properties"))


def answer_of(record: Mapping[str, Any], control: str) -> Answer:
    """Return how far a record answers what a control asks."""
    answers = {filled(record, field.path).answer for field in fields_of(control)} - {None}
    if answers == {Answer.ALL}:
        return Answer.ALL
    return Answer.PART if answers & {Answer.ALL, Answer.PART} else Answer.NOTHING


def answers_of(record: Mapping[str, Any]) -> str:
    """Return one letter for each of `CONTROLS`, in their order."""
    return "".join(answer_of(record, control) for control in CONTROLS)
