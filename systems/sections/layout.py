"""Which places of a record stand together on a page, told from the schema; no place of it is left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from systems.record.reading import Path
from systems.record.schema import schema

Rule = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the record with an address of its own: its name there, its title, the fields it holds at the top."""

    slug: str
    title: str | Promise
    fields: tuple[str, ...]


_KNOWN = (
    Section(
        "identity",
        _("Identity and owner"),
        ("id", "name", "description", "owner", "contact", "unit", "used_by", "roles", "scope"),
    ),
    Section("classification", _("Classification and EU AI Act"), ("classification",)),
    Section("deployment", _("Deployment"), ("deployment",)),
    Section("model", _("Model and prompts"), ("model", "models", "prompts")),
    Section("data", _("Data and provenance"), ("data",)),
    Section("tools", _("Tools and computing"), ("tools", "computing")),
    Section("people", _("People and competence"), ("people",)),
    Section("parties", _("Suppliers, customers and responsibilities"), ("suppliers", "customers", "responsibilities")),
    Section("documents", _("Documentation and specification"), ("specification", "documentation")),
    Section("logging", _("Logging and monitoring"), ("logging", "monitoring")),
    Section("governance", _("Governance"), ("governance",)),
    Section("dates", _("Life cycle and dates"), ("lifecycle",)),
)


@cache
def sections() -> tuple[Section, ...]:
    """Return the sections in their order; what a later schema adds stands in one of its own at the end."""
    placed = {name for section in _KNOWN for name in section.fields}
    rest = tuple(name for name in schema()["properties"] if name not in placed)
    return (*_KNOWN, Section("more", _("More"), rest)) if rest else _KNOWN


def section_called(slug: str) -> Section | None:
    """Return a section by its name in addresses."""
    return next((section for section in sections() if section.slug == slug), None)


def section_of(path: Path) -> Section | None:
    """Return the section that a place stands in."""
    return next((section for section in sections() if path and path[0] in section.fields), None)


def kinds_of(rule: Rule) -> frozenset[str]:
    """Return the JSON types that a place may hold, without null."""
    said = rule.get("type", ())
    return frozenset([said] if isinstance(said, str) else said) - {"null"}


def is_fields(rule: Rule) -> bool:
    """Whether a place holds fields of its own."""
    return kinds_of(rule) == {"object"}


def is_rows(rule: Rule) -> bool:
    """Whether a place holds a list of rows that have fields."""
    return kinds_of(rule) == {"array"} and is_fields(rule["items"])


@dataclass(frozen=True, slots=True)
class Place:
    """A place that is shown and asked for as one: a single value, a list of words, or a table of rows."""

    path: Path
    rule: Rule
    is_required: bool = False

    @property
    def label(self) -> str:
        """What the schema calls it."""
        return str(self.rule.get("title", self.path[-1]))


@dataclass(frozen=True, slots=True)
class Group:
    """Places under one heading: the fields of one object, without those of objects inside it."""

    path: Path
    rule: Rule
    places: tuple[Place, ...]


@cache
def groups_of(section: Section) -> tuple[Group, ...]:
    """Return the places of a section by the object that holds them, in the order of the schema."""
    top = schema()
    found: list[Group] = []
    for are_objects, names in groupby(section.fields, key=lambda name: is_fields(top["properties"][name])):
        if are_objects:
            found += [group for name in names for group in _groups(top["properties"][name], (name,))]
        else:
            found.append(Group((), top, tuple(_places(top, (), list(names)))))
    return tuple(found)


def _groups(rule: Rule, path: Path) -> Iterator[Group]:
    inner = rule["properties"]
    plain = [name for name in inner if not is_fields(inner[name])]
    yield Group(path, rule, tuple(_places(rule, path, plain)))
    for name in inner:
        if is_fields(inner[name]):
            yield from _groups(inner[name], (*path, name))


def _places(rule: Rule, path: Path, names: list[str]) -> Iterator[Place]:
    required = rule.get("required", ())
    for name in names:
        yield Place((*path, name), rule["properties"][name], name in required)


def places_of_row(rule: Rule) -> tuple[Place, ...]:
    """Return the places of one row of a table, by their names alone; what is nested deeper is left to the record."""
    inner = rule["items"]["properties"]
    names = [name for name in inner if not is_fields(inner[name]) and not is_rows(inner[name])]
    return tuple(_places(rule["items"], (), names))
