"""The statistics of drift: their laws, and values known from elsewhere."""

from math import erfc, exp, log, sqrt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from operations.drift import (
    CUSTOMARY,
    chi_square,
    chi_square_tail,
    counted,
    is_enough,
    kolmogorov,
    ks,
    psi,
    psi_of_categories,
    psi_of_numbers,
)
from operations.drift import quantile_edges as edges_of

COUNTS = st.lists(st.integers(0, 10_000), min_size=2, max_size=12).filter(lambda row: sum(row) > 0)
TALLIES = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 2_000), min_size=1).filter(
    lambda row: sum(row.values())
)
NUMBERS = st.lists(st.integers(-1_000, 1_000).map(float), min_size=1, max_size=80)


@given(COUNTS, st.integers(1, 9))
def test_equal_shares_have_an_index_of_zero(counts: list[int], times: int) -> None:
    assert psi(counts, [count * times for count in counts]) == pytest.approx(0, abs=1e-12)


@given(st.data(), st.integers(2, 10))
def test_the_index_is_symmetric_and_never_negative(data: st.DataObject, bins: int) -> None:
    side = st.lists(st.integers(0, 500), min_size=bins, max_size=bins).filter(lambda row: sum(row) > 0)
    one, other = data.draw(side), data.draw(side)
    assert psi(one, other) == pytest.approx(psi(other, one))
    assert psi(one, other) >= 0


def test_the_index_has_the_value_that_is_known() -> None:
    by_hand = (0.25 - 0.1) * log(2.5) + (0.25 - 0.2) * log(1.25) + (0.25 - 0.3) * log(0.25 / 0.3)
    assert psi([10, 20, 30, 40], [25] * 4) == pytest.approx(by_hand + (0.25 - 0.4) * log(0.25 / 0.4))
    assert psi_of_categories({"yes": 50, "no": 50}, {"yes": 80, "no": 20}) == pytest.approx(0.3 * log(4))


def test_a_category_that_one_side_lacks_keeps_the_index_finite() -> None:
    assert 1 < psi_of_categories({"yes": 50}, {"no": 50}) < 20


@pytest.mark.parametrize(("one", "other"), [([], []), ([1], [1, 2]), ([0, 0], [1, 2]), ([1, 2], [0, 0])])
def test_there_is_no_index_of_nothing(one: list[int], other: list[int]) -> None:
    with pytest.raises(ValueError, match="bins"):
        psi(one, other)


@given(NUMBERS)
def test_bins_of_the_reference_lose_nothing_and_tell_no_drift_from_itself(values: list[float]) -> None:
    assert sum(counted(values, edges_of(values))) == len(values)
    assert psi_of_numbers(values, values) == 0


def test_quantile_bins_hold_equal_parts() -> None:
    values = [float(number) for number in range(1_000)]
    assert counted(values, edges_of(values)) == [100] * 10


@given(NUMBERS, NUMBERS)
def test_the_test_stays_in_its_bounds_and_knows_no_sides(one: list[float], other: list[float]) -> None:
    told = ks(one, other)
    assert 0 <= told.statistic <= 1
    assert 0 <= told.p_value <= 1
    assert told == ks(other, one)
    assert ks(one, one).statistic == 0


@given(NUMBERS, NUMBERS)
def test_the_test_does_not_care_for_the_scale(one: list[float], other: list[float]) -> None:
    """Any map that keeps the order keeps the statistic."""
    moved = [[3 * value**3 + value for value in side] for side in (one, other)]
    assert ks(*moved).statistic == ks(one, other).statistic


def test_the_test_has_the_values_that_are_known() -> None:
    assert ks([1, 2, 3, 4], [3, 4, 5, 6]).statistic == 0.5
    assert ks([1, 2], [3, 4]).statistic == 1
    for t, tail in ((1.2238, 0.10), (1.3581, 0.05), (1.6276, 0.01)):  # Smirnov (1948), table of Q
        assert kolmogorov(t) == pytest.approx(tail, abs=5e-5)
    assert kolmogorov(0.1) == 1
    assert kolmogorov(5) == pytest.approx(2 * exp(-50))
    with pytest.raises(ValueError, match="samples"):
        ks([], [1])


@example({"a": 1, "b": 11}, {"c": 11}, 2)
@given(TALLIES, TALLIES, st.integers(2, 9))
def test_the_test_of_categories_stays_in_its_bounds(one: dict[str, int], other: dict[str, int], times: int) -> None:
    told, back = chi_square(one, other), chi_square(other, one)
    assert told.statistic >= 0
    assert 0 <= told.p_value <= 1
    assert 0 <= told.freedom < len({*one, *other})
    assert (told.statistic, told.p_value) == (pytest.approx(back.statistic), pytest.approx(back.p_value))
    more = {name: count * times for name, count in one.items()}
    assert chi_square(one, more).statistic == pytest.approx(0, abs=1e-9)


@given(st.floats(0, 400), st.integers(1, 500))
def test_the_tail_of_chi_square_falls_and_keeps_its_recurrence(x: float, freedom: int) -> None:
    """Two degrees more add one term of Poisson; odd and even begin with the normal law and the exponential."""
    tail = chi_square_tail(x, freedom)
    assert 0 <= chi_square_tail(x + 1, freedom) <= tail <= chi_square_tail(x, freedom + 1) + 1e-12
    assert chi_square_tail(x, 1) == pytest.approx(erfc(sqrt(x / 2)), abs=1e-14)
    even, term = exp(-x / 2), exp(-x / 2)
    for number in range(1, 20):
        assert chi_square_tail(x, 2 * number) == pytest.approx(even, rel=1e-9, abs=1e-14)
        term *= x / 2 / number
        even += term


def test_the_test_of_categories_has_the_values_that_are_known() -> None:
    for x, freedom, tail in ((3.8415, 1, 0.05), (5.9915, 2, 0.05), (16.919, 9, 0.05), (135.807, 100, 0.01)):
        assert chi_square_tail(x, freedom) == pytest.approx(tail, abs=2e-5)
    assert chi_square_tail(0, 3) == 1
    assert chi_square_tail(1e7, 3) == 0
    found = chi_square({"yes": 90, "no": 60, "later": 50}, {"yes": 60, "no": 90, "later": 50})
    assert (found.statistic, found.freedom) == (pytest.approx(12), 2)  # 4 * 15**2 / 75, by hand
    assert found.p_value == pytest.approx(exp(-6))
    with pytest.raises(ValueError, match="samples"):
        chi_square({}, {"yes": 1})


def test_categories_that_hold_too_few_count_as_one() -> None:
    rare = {f"name {number}": 1 for number in range(20)}
    assert chi_square({"yes": 80, **rare}, {"yes": 100}).freedom == 1
    assert chi_square({"yes": 99, "no": 1}, {"yes": 100}).freedom == 0
    assert chi_square({"yes": 99, "no": 1}, {"yes": 100}).p_value == 1


def test_the_customary_rule_and_what_is_too_little_to_tell() -> None:
    assert [CUSTOMARY.read(index) for index in (0.1, 0.11, 0.25, 0.26)] == ["none", "slight", "slight", "marked"]
    assert (is_enough(50, 50), is_enough(49, 5_000)) == (True, False)
