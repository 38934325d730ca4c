"""Put the words of a cell into a place of a record, in the form that the schema asks for there."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from systems.record.reading import Path
from systems.record.schema import KIND, VALUES, schema
from systems.registers.guessing import meanings, normal

YES = frozenset(("yes", "y", "true", "1", "x", "ja", "oui", "wahr", "vrai"))
NO = frozenset(("no", "n", "false", "0", "nein", "non", "falsch", "faux"))
_PART = re.compile(r"([^.\[\]]+)((?:\[[0-9]{1,3}\])*)")
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[ T].*)?")
_SHORT = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
NAMED = ("name", "role", "party", "audience")


class NotAPlace(Exception):
    """A mapping names a place that no record can have."""


class Unknown(Exception):
    """A cell cannot be understood in this place."""


def path_of(place: str) -> Path:
    """Return the place that is written like data.sources[1].name; rows count from one, as people do."""
    found: list[str | int] = []
    for part in place.strip().split("."):
        match = _PART.fullmatch(part.strip())
        if match is None or "[0]" in part:
            raise NotAPlace(_("%s is not a place of a record. Write it like classification.purpose.") % place)
        found += [match[1].strip(), *(int(number) - 1 for number in re.findall(r"[0-9]+", match[2]))]
    return _through_lists(found)


def _through_lists(path: list[str | int]) -> Path:
    """Name the first row where a place in a list of rows was written without a number, such as suppliers.name."""
    rule, found = schema(), []
    for step, part in enumerate(path):
        found.append(part)
        rule = rule.get("items", {}) if isinstance(part, int) else rule.get("properties", {}).get(part, {})
        is_last = step + 1 == len(path)
        if "properties" in rule.get("items", {}) and (is_last or not isinstance(path[step + 1], int)):
            found += [0] if not is_last else [0, _first_name(rule["items"])]
            rule = rule["items"]
    return tuple(found)


def _first_name(rule: dict[str, Any]) -> str:
    return next((name for name in NAMED if name in rule["properties"]), next(iter(rule["properties"])))


def rule_at(path: Path) -> dict[str, Any]:
    """Return what the schema asks for at a place, or nothing where it does not know it."""
    rule = schema()
    for part in path:
        rule = rule.get("items", {}) if isinstance(part, int) else rule.get("properties", {}).get(part, {})
    return rule


def converted(
    cell: str, path: Path, rule: dict[str, Any], words: Mapping[str, Any], *, month_first: bool | None = None
) -> Any:
    """Return what a cell means at a place; None where it says nothing that can be held there. Raises Unknown."""
    said = normal(cell)
    if said in words:
        return words[said]
    known = meanings(".".join(map(str, path)))
    if said in known:
        return known[said]
    kinds = rule.get("type", "string")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "enum" in rule:
        return _one_of(cell, said, rule["enum"])
    if "array" in kinds:
        return _several(cell, rule.get("items", {}))
    if "boolean" in kinds and "string" not in kinds:
        return _yes_or_no(said)
    if "integer" in kinds or "number" in kinds:
        return _number(cell)
    return _date(cell, month_first=month_first) if is_date(rule) else _text(cell, path, rule)


def is_date(rule: dict[str, Any]) -> bool:
    """Tell whether a date stands at a place of this rule."""
    return rule.get(KIND) == "date"


def month_comes_first(cells: Iterable[str]) -> bool | None:
    """Tell how a column writes its dates, from those that can be read one way only; None where none or both say so."""
    found = [match for cell in cells if (match := _SHORT.fullmatch(cell.strip())) and match[2] != "."]
    is_first = any(int(match[3]) > 12 for match in found)
    is_second = any(int(match[1]) > 12 for match in found)
    return None if is_first == is_second else is_first


def _one_of(cell: str, said: str, values: list[Any]) -> Any:
    found = next((value for value in values if value is not None and normal(str(value)) == said), None)
    if found is None:
        raise Unknown(_("“%s” is no word of this place") % cell[:80])
    return found


def _several(cell: str, rule: dict[str, Any]) -> list[str]:
    parts = [part.strip(" -•\t") for part in re.split(r"[;\n]", cell)]
    if len(parts) == 1 and all(part.count(" ") < 5 for part in cell.split(",")):
        parts = [part.strip() for part in cell.split(",")]
    known = {normal(str(value)): value for value in rule.get(VALUES, ())}
    return [known.get(normal(part), part) for part in parts if part]


def _yes_or_no(said: str) -> bool:
    if said in YES | NO:
        return said in YES
    raise Unknown(_("this is neither yes nor no"))


def _number(cell: str) -> int:
    if found := re.fullmatch(r"\s*([0-9]{1,6})(?:\.0+)?\s*(?:days?|tage?|jours?)?\s*", cell, re.IGNORECASE):
        return int(found[1])
    raise Unknown(_("“%s” is no number") % cell[:80])


def _text(cell: str, path: Path, rule: dict[str, Any]) -> str:
    said = cell if rule.get(KIND) == "text" else re.sub(r"\s+", " ", cell).strip()
    most = rule.get("maxLength")
    if most and len(said) > most:
        return f"{said[: most - 1].rstrip()}…" if path == ("name",) else _too_long(most)
    if "pattern" in rule and not re.search(rule["pattern"], said):
        raise Unknown(_("“%s” does not fit here") % cell[:80])
    return said


def _too_long(most: int) -> str:
    raise Unknown(_("this is longer than %d characters") % most)


def _date(cell: str, *, month_first: bool | None) -> str:
    """Read a date that cannot be misread: which of 3/4/2024 is the month, its column has to tell."""
    if found := _ISO.fullmatch(cell.strip()):
        year, month, day = map(int, found.groups())
    elif found := _SHORT.fullmatch(cell.strip()):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        if found[2] != "." and month_first is None and max(first, second) <= 12 and first != second:
            raise Unknown(_("“%s” can be read as two dates") % cell[:80])
        day_first = found[2] == "." or first > 12 or (month_first is False and second <= 12)
        day, month = (first, second) if day_first else (second, first)
    else:
        raise Unknown(_("“%s” is no date") % cell[:80])
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise Unknown(_("“%s” is no date") % cell[:80]) from error


def put_in(record: dict[str, Any], path: Path, value: Any) -> None:
    """Set a place of a record, making the fields and rows around it."""
    here: Any = record
    for part, after in pairwise(path):
        _make_room(here, part)
        kind = list if isinstance(after, int) else dict
        if not isinstance(here[part], kind):
            here[part] = kind()
        here = here[part]
    _make_room(here, path[-1])
    here[path[-1]] = value


def _make_room(here: Any, part: str | int) -> None:
    if isinstance(here, list) and isinstance(part, int):
        here += [None] * (part + 1 - len(here))
    elif isinstance(here, dict):
        here.setdefault(part, None)
