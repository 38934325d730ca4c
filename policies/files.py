"""Policies that lie in files: the shipped set, and what a folder holds."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from policies.engine import Source

SHIPPED = Path(__file__).with_name("iso42001")


@cache
def shipped() -> tuple[Source, ...]:
    """Return the starter set."""
    return tuple(sources_in(SHIPPED))


def sources_in(place: Path) -> Iterator[Source]:
    """Return the policies of a file, or of a folder and all below it; tests of policies are left out.

    Raises OSError for what cannot be read, and ValueError, with the name of the file, for what is not UTF-8.
    """
    for file in [place] if place.is_file() else sorted(place.rglob("*.rego")):
        if file.is_file() and not file.name.endswith("_test.rego"):
            name = file.name if file == place else file.relative_to(place).as_posix()
            try:
                yield Source(name, file.read_text(encoding="utf-8-sig"))
            except UnicodeDecodeError as error:
                raise ValueError(name) from error
