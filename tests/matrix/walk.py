"""A route in every way that the matrix knows."""

from collections.abc import Callable

from tests.matrix.asking import Case, World, case_of
from tests.matrix.doors import outsiders, roles, strange_things
from tests.matrix.reads import reads
from tests.matrix.writes import writes

Check = Callable[[World, Case], None]
EVERY: tuple[Check, ...] = (outsiders, strange_things, roles, reads, writes)


def walked(world: World, name: str, *checks: Check) -> None:
    """Ask a route in every way, or in some, and raise everything that was found wrong at once."""
    with case_of(world, name) as case:
        for check in checks or EVERY:
            check(world, case)
        case.settle()
