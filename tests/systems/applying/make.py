"""Records in small, and what of them can be said more."""

from copy import deepcopy
from typing import Any

from systems.applying.conditions import Condition
from systems.record.places import put
from systems.record.reading import Path
from systems.record.schema import schema

Record = dict[str, Any]


def saying(*places: tuple[str, Any]) -> Record:
    """A record that says something at some places, such as ("model.provider", "Talentgrid")."""
    record: Record = {}
    for place, value in places:
        put(record, tuple(place.split(".")), value)
    return record


def eu(**said: Any) -> Record:
    """A record that says something to the EU AI Act, and perhaps its tier."""
    tier = said.pop("tier", None)
    record = saying(("classification.eu_ai_act", said))
    if tier:
        put(record, ("classification", "eu_ai_act_tier"), tier)
    return record


def meeting(ways: tuple[Condition, ...]) -> Record:
    """A record that meets conditions, made from them and the schema alone."""
    record: Record = {}
    for condition in ways:
        _say(record, condition.places[0], condition.words)
    return record


def _say(record: Record, path: Path, words: frozenset[Any] | None) -> None:
    rule: Any = schema()
    here: Any = record
    for step, name in enumerate(path):
        rule = rule["properties"][name]
        is_last = step == len(path) - 1
        if "items" in rule and rule["items"].get("properties"):
            rows = here.setdefault(name, [])
            rows = rows or rows.append({"name": "One", "role": "Tester", "party": "P", "audience": "All"}) or rows
            here, rule = rows[0], rule["items"]
        elif is_last:
            here[name] = _value(rule, _word(rule, words))
        else:
            here = here.setdefault(name, {})


def _word(rule: Any, words: frozenset[Any] | None) -> Any:
    """One of the words that count, and that the schema allows at the place."""
    allowed = rule.get("enum")
    return next((word for word in sorted(words or (), key=str) if not allowed or word in allowed), None)


def _value(rule: Any, value: Any) -> Any:
    kinds = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    if "array" in kinds:
        return ["Said" if value is None else value]
    if value is not None:
        return value
    if "boolean" in kinds:
        return True
    if "object" in kinds:
        return {"contact": "somebody@example.org", "base_model": "m"}
    return "2026-06-18" if rule.get("x-kind") == "date" else "Said"


def more(record: Record, other: Record) -> Record:
    """A record with everything another says added to it: empty places filled, rows and words appended."""
    return _joined(deepcopy(record), other)


def _joined(mine: Any, theirs: Any) -> Any:
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return mine | {name: _joined(mine.get(name), value) for name, value in theirs.items()}
    if isinstance(mine, list) and isinstance(theirs, list):
        return [*mine, *deepcopy(theirs)]
    return deepcopy(theirs) if mine in (None, "", [], {}) else mine
