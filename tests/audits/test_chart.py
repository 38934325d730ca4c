"""The chart of the cycle: everything is inside, nothing overlaps, time runs from left to right."""

from datetime import date, timedelta
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from audits.chart import FLAG_WIDTH, WIDTH, chart
from audits.models import MilestoneKind
from audits.shapes import Mark

TODAY = date(2026, 6, 18)
DAYS = st.dates(TODAY - timedelta(days=2_000), TODAY + timedelta(days=2_000))
MARKS = st.lists(
    st.builds(
        lambda kind, on, done: Mark(kind.value, str(kind.label), on, done),
        st.sampled_from(MilestoneKind),
        DAYS,
        st.booleans(),
    ),
    min_size=1,
    max_size=14,
)


@given(MARKS, DAYS)
def test_no_label_overlaps_another_or_leaves_the_picture(marks: list[Mark], today: date) -> None:
    drawn = chart(marks, today)
    assert drawn is not None
    boxes = [
        (stop.name_y - drawn.axis, stop.label_x - stop.width / 2, stop.label_x + stop.width / 2) for stop in drawn.stops
    ]
    boxes.append((28, drawn.today.flag_x, drawn.today.flag_x + FLAG_WIDTH))
    for one, other in combinations(boxes, 2):
        if one[0] == other[0]:
            assert one[2] <= other[1] or other[2] <= one[1]
    for _row, left, right in boxes:
        assert -0.1 <= left < right <= WIDTH + 0.1
    assert all(12 <= stop.name_y < stop.date_y <= drawn.height - 16 for stop in drawn.stops)


@given(MARKS)
def test_time_runs_from_left_to_right(marks: list[Mark]) -> None:
    drawn = chart(marks, TODAY)
    assert drawn is not None
    stops = [stop.x for stop in drawn.stops]
    assert stops == sorted(stops)
    assert all(8 <= x <= 1132 for x in stops)
    assert all(right.text_x - left.text_x >= 20 for left, right in pairwise(drawn.years))


@given(MARKS)
def test_the_certificate_is_drawn_when_it_has_both_ends(marks: list[Mark]) -> None:
    drawn = chart(marks, TODAY)
    assert drawn is not None
    if drawn.validity is None:
        assert drawn.elapsed is None
    elif drawn.elapsed is not None:
        assert 0 < drawn.elapsed.width <= drawn.validity.width


def test_without_dates_there_is_no_chart() -> None:
    assert chart([], TODAY) is None


def test_the_elapsed_part_ends_today() -> None:
    marks = [
        Mark("issued", "Certificate issued", date(2025, 10, 30), done=True),
        Mark("expires", "Certificate expires", date(2028, 10, 29), done=False),
    ]
    drawn = chart(marks, TODAY)
    assert drawn is not None
    assert drawn.validity is not None
    assert drawn.elapsed is not None
    assert round(drawn.elapsed.x + drawn.elapsed.width, 1) == drawn.today.x
    assert [bool(stop.path) for stop in drawn.stops] == [True, True]
