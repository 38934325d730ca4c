"""Places of a record in words: the section and label that the schema gives them, and their values as people read."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from systems.record.reading import Path
from systems.record.schema import schema


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a record: its section, its label, and its names without the rows of lists."""

    section: str
    label: str
    names: tuple[str, ...]


def place_of(path: Path) -> Place:
    """Return a place in the words of the schema; a field that the schema does not know keeps its own name."""
    rule: dict[str, Any] = schema()
    titles: list[str] = []
    names: list[str] = []
    for part in path:
        if "items" in rule:
            titles.append(str(part + 1) if isinstance(part, int) else part)
            rule = rule["items"]
            continue
        rule = rule.get("properties", {}).get(part, {})
        titles.append(rule.get("title", str(part)))
        names.append(str(part))
    if len(path) == 1 and "properties" not in rule and "items" not in rule:
        return Place(_("Identity"), titles[0], tuple(names))
    return Place(titles[0], ", ".join(titles[1:]) or titles[0], tuple(names))


def value_in_words(value: Any) -> str:
    """Return a value of a record as people read it; nothing for an empty one."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        inner = [value_in_words(item) for item in value]
        return ("\n" if any(isinstance(item, dict) for item in value) else ", ").join(inner)
    if isinstance(value, dict):
        said = ((name, value_in_words(item)) for name, item in value.items())
        return "; ".join(f"{name.replace('_', ' ')}: {text}" for name, text in said if text)
    return str(value)
