"""YAML with its parts told apart, line by line, for a page that shows it."""

import re
from dataclasses import dataclass

_LINE = re.compile(
    r"(?P<lead>\s*(?:- )*)(?:(?P<key>[^\s#:'\"][^:#]*|'[^']*'|\"[^\"]*\")(?P<colon>:)(?=\s|$))?(?P<rest>.*)"
)
_NUMBER = re.compile(r"[-+]?[0-9][0-9.]*")
_WORDS = frozenset({"true", "false", "null", "~", "True", "False", "Null"})


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line of YAML: what leads in, the name of the field, and its value with what kind that is."""

    number: int
    lead: str
    key: str
    rest: str
    kind: str


def marked(text: str) -> list[MarkedLine]:
    """Return the lines of a text with their parts; a reader's help, which decides nothing."""
    found = []
    block: int | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        indent = len(line) - len(line.lstrip())
        if block is not None and (not line.strip() or indent > block):
            found.append(MarkedLine(number, line, "", "", "text"))
            continue
        block = indent if re.search(r"[|>][-+0-9]*$", line) else None
        found.append(_marked(number, line))
    return found


def _marked(number: int, line: str) -> MarkedLine:
    match = _LINE.fullmatch(line)
    if match is None:
        return MarkedLine(number, line, "", "", "text")
    key = f"{match['key']}:" if match["key"] else ""
    return MarkedLine(number, match["lead"], key, match["rest"], _kind(match["rest"].strip()))


def _kind(value: str) -> str:
    if value.startswith("#"):
        return "comment"
    if value in _WORDS or _NUMBER.fullmatch(value):
        return "value"
    return "text"
