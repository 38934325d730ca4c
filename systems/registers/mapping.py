"""Which column fills which place of a record: guessed from the headers, or said in a mapping file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from systems.record.reading import Path, read
from systems.registers.guessing import guessed, normal
from systems.registers.placing import NotAPlace, Unknown, converted, path_of, rule_at

PARTS = ("columns", "values", "defaults")
UNMAPPED = "register"


class NotAMapping(Exception):
    """The mapping file cannot be read or does not fit the table; the message is written for its author."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a mapping file says: places by header (None leaves a column in the register), meanings, and defaults."""

    columns: Mapping[str, str | None] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Columns:
    """The places that the columns of one table fill, and what fills the places that they leave open."""

    places: Mapping[str, Path]
    values: Mapping[Path, Mapping[str, Any]]
    defaults: Mapping[Path, Any]

    def as_json(self, headers: Sequence[str]) -> dict[str, str]:
        """The place of every column, `register` where the cell is kept as it is."""
        return {header: ".".join(map(str, self.places.get(header, (UNMAPPED,)))) for header in headers}


def read_mapping(data: bytes) -> Words:
    """Read a mapping file: `header: place` under `columns:` or at the top, `values:` and `defaults:`."""
    reading = read(data)
    if reading.faults:
        raise NotAMapping(_("The mapping cannot be read: %s") % reading.faults[0])
    said = reading.record
    for part in PARTS:
        if not isinstance(said.get(part) or {}, dict):
            raise NotAMapping(_("%s must hold fields of its own.") % part)
    columns = {name: place for name, place in said.items() if name not in PARTS} | (said.get("columns") or {})
    for header, place in columns.items():
        if place is not None and not isinstance(place, str):
            raise NotAMapping(_("Column %s: give the place as a text such as classification.purpose.") % header)
    return Words(columns, _values(said.get("values") or {}), said.get("defaults") or {})


def _values(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Bring meanings to one form: by place or header, those that count everywhere under no name."""
    everywhere = {normal(word): value for word, value in said.items() if not isinstance(value, dict)}
    named = {
        name: {normal(word): value for word, value in words.items()}
        for name, words in said.items()
        if isinstance(words, dict)
    }
    return named | ({"": everywhere} if everywhere else {})


def columns_for(headers: Sequence[str], words: Words) -> Columns:
    """Settle what every column fills: the mapping first, then the likeliest header for each place still open."""
    said = dict(_said(headers, words.columns))
    places = {header: _path(place) for header, place in said.items() if place}
    _refuse_twice(places)
    for header, path in _guesses(headers):
        if header not in said and path not in places.values():
            places[header] = path
    values = {path: _meanings(header, path, words.values) for header, path in places.items()}
    defaults = {_path(place): _default(place, value) for place, value in words.defaults.items()}
    return Columns(places, values, defaults)


def _said(headers: Sequence[str], columns: Mapping[str, str | None]) -> Iterator[tuple[str, str | None]]:
    by_words = {normal(header): header for header in reversed(headers)}
    for name, place in columns.items():
        clean = re.sub(r"\s+", " ", name).strip()
        header = clean if clean in headers else by_words.get(normal(name))
        if header is None:
            raise NotAMapping(_("The file has no column %s.") % name)
        yield header, place


def _path(place: str) -> Path:
    try:
        return path_of(place)
    except NotAPlace as error:
        raise NotAMapping(str(error)) from error


def _refuse_twice(places: Mapping[str, Path]) -> None:
    first: dict[Path, str] = {}
    for header, path in places.items():
        if first.setdefault(path, header) != header:
            said = {"one": first[path], "other": header, "place": ".".join(map(str, path))}
            raise NotAMapping(_("%(one)s and %(other)s cannot both fill %(place)s.") % said)


def _guesses(headers: Sequence[str]) -> list[tuple[str, Path]]:
    found = [
        (guess.rank, order, header, guess.place) for order, header in enumerate(headers) if (guess := guessed(header))
    ]
    return [(header, path_of(place)) for _rank, _order, header, place in sorted(found)]


def _meanings(header: str, path: Path, values: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    by_header = {normal(name): words for name, words in values.items()}
    place = ".".join(map(str, path))
    return dict(values.get("", {})) | dict(values.get(place, {})) | dict(by_header.get(normal(header), {}))


def _default(place: str, value: Any) -> Any:
    path = _path(place)
    if not isinstance(value, str):
        return value
    try:
        return converted(value, path, rule_at(path), {})
    except Unknown as error:
        raise NotAMapping(
            _("The default of %(place)s cannot be %(value)s.") % {"place": place, "value": value}
        ) from error
