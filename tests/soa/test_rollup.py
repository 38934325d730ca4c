"""Rows per system become one: included if any includes, implemented to the least degree among them."""

import pytest

from soa.models import Entry, EntrySystem
from soa.rollup import Rolled, roll_up
from systems.models import AiSystem


def an(applicability: str = "included", implementation: str = "implemented") -> Entry:
    return Entry(applicability=applicability, implementation=implementation)


def apart(pk: int, applicability: str = "included", implementation: str = "") -> EntrySystem:
    system = AiSystem(pk=pk, code=f"SYS-{pk}")
    return EntrySystem(system=system, applicability=applicability, implementation=implementation)


def test_without_rows_apart_the_entry_speaks() -> None:
    assert roll_up(an(), [], [1, 2]) == Rolled("included", "implemented")
    assert roll_up(an(), [], []) == Rolled("included", "implemented")


def test_included_if_any_system_includes() -> None:
    assert roll_up(an(), [apart(1, "excluded")], [1, 2]) == Rolled("included", "implemented", ("SYS-1",))
    rolled = roll_up(an(), [apart(1, "excluded"), apart(2, "excluded")], [1, 2])
    assert (rolled.applicability, rolled.excluded_for) == ("excluded", ("SYS-1", "SYS-2"))


@pytest.mark.parametrize(
    ("own", "said", "least"),
    [
        ("implemented", "partly", "partly"),
        ("implemented", "not_started", "not_started"),
        ("planned", "implemented", "planned"),
        ("not_started", "planned", "not_started"),
        ("partly", "", "partly"),
    ],
)
def test_implemented_to_the_least_degree(own: str, said: str, least: str) -> None:
    assert roll_up(an(implementation=own), [apart(1, implementation=said)], [1, 2]).implementation == least


def test_every_system_described_leaves_the_entrys_own_degree_aside() -> None:
    rows = [apart(1, implementation="implemented"), apart(2, implementation="partly")]
    assert roll_up(an(implementation="not_started"), rows, [1, 2]).implementation == "partly"


def test_a_system_that_excludes_holds_nobody_back() -> None:
    rows = [apart(1, "excluded", "not_started")]
    assert roll_up(an(), rows, [1, 2]).implementation == "implemented"


def test_systems_out_of_scope_do_not_count() -> None:
    rows = [apart(1, "excluded"), apart(9, implementation="not_started")]
    assert roll_up(an(), rows, [2]) == Rolled("included", "implemented")


@pytest.mark.parametrize("applicability", ["undecided", "excluded"])
def test_what_is_not_included_does_not_roll(applicability: str) -> None:
    assert roll_up(an(applicability), [apart(1, "excluded")], [1, 2]).applicability == applicability
