"""Read one record from YAML, with the line of everything in it, and refuse what no careful reader would take.

The grammar is libyaml's; plain scalars are read by the core schema of YAML 1.2 (so `no` is a word and `012` a number,
and a date stays the text it is written as). Tags, a key twice, a second document and exploding anchors are faults.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

MAX_BYTES = 1024 * 1024
MAX_NODES = 20_000
MAX_DEPTH = 40
MAX_DIGITS = 18

Path = tuple[str | int, ...]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)
_WHOLE = re.compile(r"[-+]?[0-9]{1,17}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?")
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "map", "seq"))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, on which line (1 is the first; 0 where no line can be named), at which place of the record."""

    line: int
    words: str
    path: Path = ()

    def __str__(self) -> str:
        return _("line %(line)d: %(words)s") % {"line": self.line, "words": self.words} if self.line else self.words


@dataclass(frozen=True, slots=True)
class Reading:
    """A record as written, or the faults that kept it from being read; `lines` has the line of each place."""

    record: dict[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """Return the line of a place, or of the nearest place around it that was written."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


class _Unreadable(Exception):
    def __init__(self, line: int, words: str, path: Path = ()) -> None:
        super().__init__(words)
        self.fault = Fault(line, words, path)


def read(content: bytes) -> Reading:
    """Read the bytes of a file; never raises for what is in them, and never takes more than it says above."""
    try:
        text = _text(content)
        builder = _Builder(iter(yaml.parse(text, Loader=_Loader)))
        record = builder.document()
    except _Unreadable as unreadable:
        return Reading(faults=(unreadable.fault,))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = _("This is not YAML: %s.") % (error.problem or error.context or _("it cannot be read"))
        return Reading(faults=(Fault(mark.line + 1 if mark else 0, words),))
    except (yaml.YAMLError, RecursionError):
        return Reading(faults=(Fault(0, _("This is not YAML: it holds characters that YAML does not allow.")),))
    return Reading(record, tuple(builder.faults), builder.lines)


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise _Unreadable(0, _("The file is larger than 1 MB; a record of one system is not."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _Unreadable(line, _("This is not UTF-8. Save the file as UTF-8.")) from error
    return text


class _Builder:
    """Plain values from the events of one document."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.anchors: dict[str, Any] = {}
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self.nodes = 0

    def document(self) -> dict[str, Any]:
        next(self.events)
        first = next(self.events)
        if isinstance(first, yaml.StreamEndEvent):
            raise _Unreadable(1, _("The file is empty."))
        event = next(self.events)
        record = self._value(event, (), 0)
        next(self.events)
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise _Unreadable(after.start_mark.line + 1, _("A second record begins here. Keep one record in a file."))
        if record is None:
            raise _Unreadable(1, _("The file is empty."))
        if not isinstance(record, dict):
            raise _Unreadable(
                event.start_mark.line + 1, _("This is not a record: it should begin with fields such as `id:`.")
            )
        return record

    def _value(self, event: Any, path: Path, depth: int) -> Any:
        line = event.start_mark.line + 1
        self._count(line, depth)
        self.lines.setdefault(path, line)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, line)
        if event.tag and event.tag not in _PLAIN_TAGS:
            raise _Unreadable(line, _("The tag %s is not read. Write the value plainly.") % event.tag, path)
        if isinstance(event, yaml.ScalarEvent):
            value = _scalar(event, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._list(path, depth)
        else:
            value = self._object(path, depth)
        if event.anchor:
            self.anchors[event.anchor] = value
        return value

    def _count(self, line: int, depth: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _Unreadable(line, _("This holds more than %d values, written or repeated by anchors.") % MAX_NODES)
        if depth > MAX_DEPTH:
            raise _Unreadable(line, _("This is nested deeper than %d levels.") % MAX_DEPTH)

    def _alias(self, event: Any, line: int) -> Any:
        if event.anchor not in self.anchors:
            raise _Unreadable(line, _("The anchor %s is not set above.") % event.anchor)
        value = self.anchors[event.anchor]
        self.nodes += _size(value, MAX_NODES)
        self._count(line, 0)
        return _copied(value)

    def _list(self, path: Path, depth: int) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found)), depth + 1))
        return found

    def _object(self, path: Path, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent) or (event.tag and event.tag not in _PLAIN_TAGS):
                raise _Unreadable(line, _("The name of a field must be a word."), path)
            name = event.value
            here = (*path, name)
            value = self._value(next(self.events), here, depth + 1)
            if name in found:
                first = self.lines[here]
                words = _("The field %(name)s is here twice: line %(first)d has it already.")
                raise _Unreadable(line, words % {"name": name, "first": first}, here)
            found[name] = value
            self.lines[here] = line
        return self._merged(found, path)

    def _merged(self, found: dict[str, Any], path: Path) -> dict[str, Any]:
        """Put in what a merge key (`<<`) brings; fields that are written here win."""
        if "<<" not in found:
            return found
        brought = found.pop("<<")
        for each in brought if isinstance(brought, list) else [brought]:
            if not isinstance(each, dict):
                raise _Unreadable(self.lines[(*path, "<<")], _("Only fields can be merged in with <<."), path)
            for name, value in each.items():
                found.setdefault(name, _copied(value))
        return found


def _scalar(event: Any, line: int) -> Any:
    value: str = event.value
    if "\0" in value:
        raise _Unreadable(line, _("This holds a character of code zero."))
    return meant(value) if event.implicit[0] else value


def meant(value: str) -> Any:
    """Return what a word means that stands without quotation marks: itself, or nothing, true, false or a number."""
    if value in _WORDS:
        return _WORDS[value]
    if _WHOLE.fullmatch(value):
        return int(value)
    if _FLOAT.fullmatch(value) and len(value) <= MAX_DIGITS:
        return float(value)
    return value


def _size(value: Any, most: int) -> int:
    """Count the values inside, giving up beyond `most`."""
    count, heap = 0, [value]
    while heap and count <= most:
        count += 1
        found = heap.pop()
        heap.extend(found.values() if isinstance(found, dict) else found if isinstance(found, list) else ())
    return count


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(item) for name, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value
