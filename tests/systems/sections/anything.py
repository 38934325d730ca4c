"""Records of every shape that the schema takes, and what a browser sends back of a form it was shown."""

import re
from typing import Any

from django.http import QueryDict
from hypothesis import strategies as st

from systems.record.schema import VALUES, schema
from systems.sections.forms import PlacesForm, SectionForm
from systems.sections.kinds import Kind, kind_of

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=12)
PLAIN = WORDS.map(lambda text: re.sub(r"\s+", " ", text).strip().replace(",", ";")).filter(bool)
LONG = st.lists(PLAIN, min_size=1, max_size=3).map("\n".join)
ODD = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
DAYS = st.dates().map(lambda day: day.isoformat())
PATTERNS = {"^[1-8](\\([a-e]\\))?$": "3(a)", "^[0-9a-f]{64}$": "ab" * 32, "^[A-Za-z0-9][A-Za-z0-9._-]*$": "key-1"}


def values(rule: dict[str, Any], *, is_odd: bool = False) -> st.SearchStrategy[Any]:
    """Values of a place; odd ones are those that a file may say and no form would send."""
    kind, text = kind_of(rule), ODD if is_odd else PLAIN
    if kind == Kind.ROWS:
        row = fields(rule["items"], is_odd=is_odd)
        return st.lists(row if is_odd else row.filter(bool), min_size=0 if is_odd else 1, max_size=3)
    if kind in (Kind.WORDS, Kind.LINES, Kind.ANY_LINES):
        return lists(rule, text, is_odd=is_odd)
    if kind == Kind.TEXT and "pattern" in rule:
        return st.just(PATTERNS[rule["pattern"]])
    return (
        singles(rule, DAYS | st.just("2026-02-31"), text, text)[kind]
        if is_odd
        else singles(rule, DAYS, LONG, text)[kind]
    )


def singles(
    rule: dict[str, Any], days: st.SearchStrategy[str], long: st.SearchStrategy[str], text: st.SearchStrategy[str]
) -> dict[Kind, st.SearchStrategy[Any]]:
    """Values of the kinds that hold one."""
    return {
        Kind.FLAG: st.booleans(),
        Kind.NUMBER: st.integers(0, 1000),
        Kind.DATE: days,
        Kind.CHOICE: st.sampled_from(rule.get("enum", [""])),
        Kind.WORD: st.sampled_from(rule.get(VALUES, [""])) | text,
        Kind.LONG: long,
        Kind.TEXT: text,
    }


def lists(rule: dict[str, Any], text: st.SearchStrategy[str], *, is_odd: bool) -> st.SearchStrategy[Any]:
    """Lists of words, known ones too where the schema has some."""
    kind = kind_of(rule)
    if kind == Kind.WORDS:
        return st.lists(st.sampled_from(rule["items"][VALUES]) | text, max_size=3, unique=not is_odd)
    if kind == Kind.LINES:
        return st.lists(text, min_size=0 if is_odd else 1, max_size=3)
    mixed = st.lists(st.fixed_dictionaries({"name": text}), max_size=2) if is_odd else st.nothing()
    return text | st.lists(text, min_size=2, max_size=3) | mixed


def fields(rule: dict[str, Any], *, is_odd: bool = False, names: tuple[str, ...] = ()) -> st.SearchStrategy[Any]:
    """Objects with some of their fields; odd ones have unknown fields too."""
    inner = {name: each for name, each in rule["properties"].items() if not names or name in names}
    known = {
        name: fields(each, is_odd=is_odd) if "properties" in each else values(each, is_odd=is_odd)
        for name, each in inner.items()
    }
    if not is_odd:
        known = {
            name: each.filter(bool) if "properties" in inner[name] else each for name, each in known.items()
        }  # an object without fields is nothing
        return st.fixed_dictionaries({}, optional=known)
    unknown = {"x_ours": st.none() | st.integers() | st.lists(st.integers(), max_size=2)}
    return st.fixed_dictionaries({}, optional=known | unknown)


def records(names: tuple[str, ...], *, is_odd: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    """Records that say something at the given fields at the top, and what a form cannot do without."""
    needed = {"id": "key-1", "name": "Ranker", "classification": {"purpose": "Ranks"}}

    def with_needed(record: dict[str, Any]) -> dict[str, Any]:
        said = record | {name: record.get(name) or value for name, value in needed.items() if name != "classification"}
        return said | {"classification": {"purpose": "Ranks"} | record.get("classification", {})}

    return fields(schema(), is_odd=is_odd, names=names).map(with_needed)


def sent(form: SectionForm) -> QueryDict:
    """What a browser sends when nothing is touched."""
    data = QueryDict(mutable=True)
    _add(data, form.fields)
    for table in form.tables:
        data[f"{table.prefix}-rows"] = str(len(table.rows))
        for row in table.rows:
            data[f"{table.prefix}-{row.number}-was"] = "" if row.was is None else str(row.was)
            _add(data, row.fields)
    return data


def _add(data: QueryDict, form: PlacesForm) -> None:
    for name in form.fields:
        bound = form[name]
        value = bound.value()
        if isinstance(value, list):
            data.setlist(bound.html_name, value)
        elif form.kinds[name] in (Kind.CHOICE, Kind.WORD):
            offered = {str(key) for key, _label in bound.field.choices}
            data[bound.html_name] = value if value in offered else ""
        else:
            data[bound.html_name] = _typed(str(value), form.kinds[name], bound.field.widget.__class__.__name__)


def _typed(text: str, kind: Kind, widget: str) -> str:
    """An input holds one line, an area sends its lines apart by two characters."""
    if kind == Kind.FLAG:
        return text
    if widget == "Textarea":
        return re.sub(r"\r\n|\r|\n", "\r\n", text)
    return re.sub(r"[\r\n]", "", text)
