"""Changes of a record place by place, so that what two people say at different places does not collide."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from systems.record.differences import differences
from systems.record.places import put
from systems.record.reading import Path

Patch = Mapping[Path, Any]


def patched(record: dict[str, Any], patch: Patch) -> dict[str, Any]:
    """Return a copy of the record with these places set; one that is set to None is taken out."""
    after = deepcopy(record)
    for path, value in patch.items():
        if value is None:
            _take_out(after, path)
        else:
            put(after, path, value)
    return after


def _take_out(record: dict[str, Any], path: Path) -> None:
    here: Any = record
    for part in path[:-1]:
        here = here.get(part) if isinstance(here, dict) else None
    if isinstance(here, dict):
        here.pop(path[-1], None)


def touches(before: dict[str, Any], after: dict[str, Any], fields: Iterable[str]) -> bool:
    """Whether two records differ in any of these fields at the top."""
    names = set(fields)
    return any(each.path[:1] and each.path[0] in names for each in differences(before, after))
