"""What differs between two records, place by place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from systems.record.reading import Path


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that differs; `before` or `after` is None where the place was not there, or held nothing."""

    path: Path
    before: Any
    after: Any


def differences(before: Any, after: Any) -> list[Difference]:
    """Return the deepest places that differ, in the order of the later record; rows of a list are met by their name.

    An emptied or missing place counts the same as none.
    """
    return list(_between(before, after, ()))


def _between(before: Any, after: Any, path: Path) -> Iterator[Difference]:
    if _both(before, after, dict):
        yield from _in_fields(before or {}, after or {}, path)
    elif _both(before, after, list) and _named(before or []) and _named(after or []):
        yield from _in_rows(before or [], after or [], path)
    elif not _same(before, after):
        yield Difference(path, before, after)


def _in_fields(before: dict[str, Any], after: dict[str, Any], path: Path) -> Iterator[Difference]:
    for name in [*after, *(name for name in before if name not in after)]:
        yield from _between(before.get(name), after.get(name), (*path, name))


def _in_rows(before: list[Any], after: list[Any], path: Path) -> Iterator[Difference]:
    old, new = {row["name"]: row for row in before}, {row["name"]: row for row in after}
    for name in [*new, *(name for name in old if name not in new)]:
        yield from _between(old.get(name), new.get(name), (*path, name))


def _both(before: Any, after: Any, kind: type) -> bool:
    kinds = (kind, type(None))
    return isinstance(before, kinds) and isinstance(after, kinds) and not before is after is None


def _named(rows: list[Any]) -> bool:
    names = [row.get("name") for row in rows if isinstance(row, dict)]
    return len(names) == len(rows) == len(set(map(str, names))) and all(isinstance(name, str) for name in names)


def _same(before: Any, after: Any) -> bool:
    if _is_empty(before) and _is_empty(after):
        return True
    return before == after and (type(before) is type(after) or (_is_number(before) and _is_number(after)))


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
