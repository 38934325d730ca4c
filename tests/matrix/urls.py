"""The addresses that there are, as Django knows them."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


def walk(patterns: list[Any], space: str = "", *, inside: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield the full name of every address, and whether it lies inside an AIMS."""
    for pattern in patterns:
        is_inside = inside or "aims" in getattr(pattern.pattern, "converters", {})
        if isinstance(pattern, URLResolver):
            here = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from walk(pattern.url_patterns, here, inside=is_inside)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name or f'(no name) {pattern.pattern}'}", is_inside


KNOWN = dict(walk(get_resolver().url_patterns))
INSIDE = frozenset(name for name, is_inside in KNOWN.items() if is_inside)


def address(name: str, params: dict[str, Any], slug: str) -> str:
    """The address of a row of the table, in the AIMS with this slug if it lies in one."""
    return reverse(name, kwargs=params | ({"aims": slug} if KNOWN[name] else {}))
