"""Policies that lie in files: the shipped set, and what a folder holds."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from policies.engine import Source

SHIPPED = Path(__file__).with_name("iso42001")


@cache
def shipped() -> tuple[Source, ...]:
    """Return the starter set."""
    return tuple(sources_in(SHIPPED))


def sources_in(place: Path) -> Iterator[Source]:
    """Return the policies of a file, or of a folder and all below it; tests of policies are left out.

    What cannot be read comes with its fault, so that nothing is left out unseen.
    """
    for file in [place] if place.is_file() else sorted(place.rglob("*.rego")):
        if not file.is_dir() and not file.name.endswith("_test.rego"):
            yield _read(file, file.name if file == place else file.relative_to(place).as_posix())


def _read(file: Path, name: str) -> Source:
    try:
        if not file.is_file():
            return Source(name, "", _("It cannot be read."))
        return Source(name, file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        return Source(name, "", _("It is not UTF-8."))
    except OSError as error:
        return Source(name, "", _("It cannot be read: %s.") % error.strerror)
