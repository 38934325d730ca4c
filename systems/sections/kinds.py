"""What kind of field a place of the schema is, and whether a form can hold what stands there."""

from enum import StrEnum
from typing import Any

from systems.record.schema import KIND, VALUES
from systems.sections.layout import Rule, is_rows, kinds_of


class Kind(StrEnum):
    """How a place is shown and asked for; `KEPT` are those that only the record itself can show."""

    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    WORD = "word"
    WORDS = "words"
    LINES = "lines"
    ANY_LINES = "any_lines"
    FLAG = "flag"
    NUMBER = "number"
    DATE = "date"
    ROWS = "rows"
    KEPT = "kept"


_SIMPLE = {"boolean": Kind.FLAG, "integer": Kind.NUMBER}


def kind_of(rule: Rule) -> Kind:
    """Return the kind of a place."""
    types = kinds_of(rule)
    if is_rows(rule):
        return Kind.ROWS
    if types == {"string"}:
        return _of_text(rule)
    if types == {"array"} and kinds_of(rule.get("items", {})) == {"string"}:
        return Kind.WORDS if VALUES in rule["items"] else Kind.LINES
    if types == {"string", "array"}:
        return Kind.ANY_LINES
    return _SIMPLE.get(next(iter(types), ""), Kind.KEPT) if len(types) == 1 else Kind.KEPT


def _of_text(rule: Rule) -> Kind:
    if "enum" in rule:
        return Kind.CHOICE
    if VALUES in rule:
        return Kind.WORD
    return {"date": Kind.DATE, "text": Kind.LONG}.get(rule.get(KIND, ""), Kind.TEXT)


def is_nothing(value: Any) -> bool:
    """Whether nothing is said; an empty list says that there are none."""
    return value is None or value == "" or value == {}


def fits(kind: Kind, value: Any) -> bool:
    """Whether a form of this kind can show the value and give it back as it was."""
    if value is None:
        return True
    match kind:
        case Kind.FLAG:
            return isinstance(value, bool)
        case Kind.NUMBER:
            return isinstance(value, int) and not isinstance(value, bool)
        case Kind.WORDS | Kind.LINES:
            return _are_lines(value)
        case Kind.ANY_LINES:
            return _are_lines(value) or _is_line(value)
        case Kind.ROWS:
            return isinstance(value, list) and all(isinstance(row, dict) for row in value)
        case Kind.KEPT:
            return False
        case _:
            return isinstance(value, str)


def _are_lines(value: Any) -> bool:
    return isinstance(value, list) and all(_is_line(each) for each in value)


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and len(value.splitlines()) <= 1
