"""Dates as people write them."""

from datetime import date

import pytest

from soa.intake.dates import order_of, read_day
from soa.intake.raw import Cell
from tests.soa.intake.make import TODAY


def day(cell: Cell, order: str = "unknown") -> tuple[date | None, bool]:
    found = read_day(cell, order=order, known_on=TODAY)  # type: ignore[arg-type]
    return found.on, bool(found.remark)


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 12, 31),
        "2026-12-31",
        "2026/12/31",
        "2026-12-31 00:00:00",
        "2026-12-31T10:00",
        "31.12.2026",
        "31. 12. 2026",
        "31.12.26",
        "31/12/2026",
        "12/31/2026",
        "31-12-2026",
        "31 December 2026",
        "December 31, 2026",
        "31st December 2026",
        "31. Dezember 2026",
        "31 décembre 2026",
        "31 de diciembre de 2026",
        "31 Dec 26",
        "by 31 December 2026",
    ],
)
def test_a_day(cell: Cell) -> None:
    assert day(cell) == (date(2026, 12, 31), False)


@pytest.mark.parametrize(
    ("cell", "on"),
    [
        ("June 2026", date(2026, 6, 30)),
        ("Juni 2026", date(2026, 6, 30)),
        ("juin 2026", date(2026, 6, 30)),
        ("febrero de 2028", date(2028, 2, 29)),
        ("end of June 2026", date(2026, 6, 30)),
        ("Ende März 2027", date(2027, 3, 31)),
        ("06/2026", date(2026, 6, 30)),
        ("2026-06", date(2026, 6, 30)),
        ("Dec-26", date(2026, 12, 31)),
        ("Q3 2026", date(2026, 9, 30)),
        ("2026 Q3", date(2026, 9, 30)),
        ("Q3/2026", date(2026, 9, 30)),
        ("3. Quartal 2026", date(2026, 9, 30)),
        ("T3 2026", date(2026, 9, 30)),
        ("3e trimestre 2026", date(2026, 9, 30)),
        ("H1 2027", date(2027, 6, 30)),
        ("2027", date(2027, 12, 31)),
        (2027, date(2027, 12, 31)),
        (46_387, date(2026, 12, 31)),
    ],
)
def test_a_period_is_its_last_day_and_said_so(cell: Cell, on: date) -> None:
    assert day(cell) == (on, True)


@pytest.mark.parametrize(
    "cell",
    [
        "03/04/2026",
        "annually",
        "Q3",
        "TBD",
        "31.02.2026",
        "2026-13-01",
        "13/2026",
        7,
        3.5,
        "Smarch 2026",
        "00/2026",
        "9999999",
    ],
)
def test_what_is_no_one_day_stays_open(cell: Cell) -> None:
    assert day(cell) == (None, True)


def test_nothing_is_nothing() -> None:
    assert day(None) == day(True) == (None, False)


def test_a_column_settles_which_comes_first() -> None:
    assert order_of(["03/04/2026", "25/12/2026", None]) == "day first"
    assert order_of(["03/04/2026", "12/25/2026", 7]) == "month first"
    assert order_of(["25/12/2026", "12/25/2026"]) == order_of(["03/04/2026"]) == "unknown"
    assert day("03/04/2026", "day first") == (date(2026, 4, 3), False)
    assert day("03/04/2026", "month first") == (date(2026, 3, 4), False)
    assert day("04/04/2026") == (date(2026, 4, 4), False)


def test_a_year_of_two_digits_is_the_nearest() -> None:
    assert day("31.12.99") == (date(1999, 12, 31), False)
    assert day("31.12.70") == (date(2070, 12, 31), False)
