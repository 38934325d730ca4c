"""Read a frozen body as the report means it: rolled up over AI systems, every row in its area."""

from typing import Any


def settled(body: dict[str, Any]) -> dict[str, Any]:
    """Return the body with each entry's rolled-up applicability and implementation, and the area it stands in.

    "Implemented" means for every AI system in scope: the roll-up is the least among them (architecture.md).
    """
    areas = [area["code"] for area in body.get("areas") or []]
    return body | {"entries": [_entry(entry, areas) for entry in body.get("entries") or []]}


def _entry(entry: dict[str, Any], areas: list[str]) -> dict[str, Any]:
    rolled = {name: entry.get(f"{name}_rolled") or entry.get(name) for name in ("applicability", "implementation")}
    within = (area for area in areas if f"{entry['code']}.".startswith(f"{area}."))
    return entry | rolled | {"area": next(within, "")}
