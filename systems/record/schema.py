"""What a record must and may hold: the published schema, what does not fit it, and what it does not know."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from accounts.later import later as at_first_use
from systems.record.reading import Fault, Path, Reading

if TYPE_CHECKING:
    import jsonschema
else:
    jsonschema = at_first_use("jsonschema")

FILE = File(__file__).with_name("schema.json")
SERVES, VALUES, KIND = "x-serves", "x-values", "x-kind"
MANY = 100

_KINDS = {
    "string": later("a text"),
    "integer": later("a whole number"),
    "number": later("a number"),
    "boolean": later("true or false"),
    "array": later("a list"),
    "object": later("fields of its own"),
    "null": later("empty"),
}


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a record."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


@cache
def _validator() -> "jsonschema.Draft202012Validator":
    return jsonschema.Draft202012Validator(schema())


def faults_of(reading: Reading) -> list[Fault]:
    """Return what keeps a reading from being a record: faults of reading, or else places that do not fit the schema."""
    if reading.faults:
        return list(reading.faults)
    found = {fault for error in _validator().iter_errors(reading.record) for fault in _faults(error, reading)}
    return sorted(found, key=lambda fault: (fault.line, fault.words))[:MANY]


def misfits(record: dict[str, Any]) -> list[Fault]:
    """Return what does not fit in a record that came from no file."""
    return faults_of(Reading(record))


def wrong_places(record: dict[str, Any]) -> list[Fault]:
    """Return what is of the wrong form in a record; what nobody said yet is a gap and can be said later."""
    return [fault for fault in misfits(record) if not _is_gap(record, fault.path)]


def _is_gap(record: dict[str, Any], path: Path) -> bool:
    value: Any = record
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return True
    return value in (None, "")


def dotted(path: Path) -> str:
    """Return a place as people write it, such as data.sources[2].name."""
    said = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return said.lstrip(".")


def _faults(error: "jsonschema.ValidationError", reading: Reading) -> Iterator[Fault]:
    path: Path = tuple(error.absolute_path)
    rule: Any = error.validator_value
    if error.validator == "required":
        found: Any = error.instance
        for name in rule:
            if name not in found:
                here = (*path, name)
                yield Fault(reading.line_of(path), _("%s is missing.") % dotted(here), here)
        return
    yield Fault(reading.line_of(path), _words(error, dotted(path)), path)


def _words(error: "jsonschema.ValidationError", place: str) -> str:
    rule: Any = error.validator_value
    match error.validator:
        case "type":
            kinds = [str(_KINDS[kind]) for kind in ([rule] if isinstance(rule, str) else rule) if kind != "null"]
            said = {"place": place, "kinds": _(" or ").join(kinds), "value": _shown(error.instance)}
            return _("%(place)s must be %(kinds)s; it is %(value)s.") % said
        case "enum":
            said = {"place": place, "values": ", ".join(map(str, rule)), "value": _shown(error.instance)}
            return _("%(place)s must be one of %(values)s; it is %(value)s.") % said
        case "pattern":
            return _("%(place)s cannot be %(value)s.") % {"place": place, "value": _shown(error.instance)}
        case "minLength":
            return _("%s is empty.") % place
        case "maxLength":
            return _("%(place)s is longer than %(most)d characters.") % {"place": place, "most": rule}
        case "maxItems":
            return _("%(place)s holds more than %(most)d rows.") % {"place": place, "most": rule}
        case _:
            return _("%(place)s cannot be %(value)s.") % {"place": place, "value": _shown(error.instance)}


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return str(_("fields of its own"))
    if isinstance(value, list):
        return str(_("a list"))
    said = json.dumps(value, ensure_ascii=False)
    return said if len(said) <= 60 else f"{said[:57]}..."


def unknown(record: dict[str, Any]) -> list[Path]:
    """Return the places of a record that the schema does not know; they are kept and flagged."""
    return list(_unknown(record, schema(), ()))


def _unknown(value: Any, rule: dict[str, Any], path: Path) -> Iterator[Path]:
    if isinstance(value, dict) and "properties" in rule:
        for name, item in value.items():
            known = rule["properties"].get(name)
            if known is None:
                yield (*path, name)
            else:
                yield from _unknown(item, known, (*path, name))
    elif isinstance(value, list) and "items" in rule:
        for number, item in enumerate(value):
            yield from _unknown(item, rule["items"], (*path, number))


@cache
def fields_serving() -> dict[str, tuple[Path, ...]]:
    """Return, by control such as A.7.5, the places of the record that answer what it asks to be recorded.

    A place in a list is named without a number, such as ("data", "sources", "provenance").
    """
    found: dict[str, list[Path]] = {}
    for path, rule in walk(schema(), ()):
        for control in rule.get(SERVES, ()):
            found.setdefault(control, []).append(path)
    return {control: tuple(paths) for control, paths in found.items()}


def walk(rule: dict[str, Any], path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Go through every place of the schema, in its order."""
    for name, inner in rule.get("properties", {}).items():
        yield (*path, name), inner
        yield from walk(inner.get("items", inner), (*path, name))
