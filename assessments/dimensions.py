"""The dimensions that impacts are looked for in: versioned data that ships, read once."""

from functools import cache

from aims.queries import default_criteria


@cache
def dimensions() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the groups (`individuals`, `societies`) with the code and label of each dimension."""
    groups = default_criteria()["impact_dimensions"]
    return tuple((group, tuple((row["code"], row["label"]) for row in rows)) for group, rows in groups.items())


def dimension_label(code: str) -> str:
    """Return the label of a dimension; an unknown code (of an older catalogue) stands for itself."""
    return dict(pair for _group, pairs in dimensions() for pair in pairs).get(code, code)
