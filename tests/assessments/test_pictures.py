"""The drawings are pure: everything judged is on them, words say what they show, and paper needs no style sheet."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.pictures import PRINT, Move, Point, band_bars, drawn_moves, flow_matrix, history, impact_matrix, span
from assessments.pictures.grid import initials

cells = st.tuples(st.integers(1, 5), st.integers(1, 5))
flows = st.dictionaries(st.tuples(cells | st.none(), cells | st.none()), st.integers(1, 9000), max_size=40)
marks = st.tuples(st.integers(1, 4), st.integers(1, 25))


@st.composite
def points(draw: st.DrawFn) -> list[Point]:
    """Editions of a system at any days, near and far."""
    found = []
    for number in range(draw(st.integers(0, 14))):
        day = date(2024, 1, 1) + timedelta(days=draw(st.integers(0, 900)))
        target = draw(marks | st.none())
        on = day + timedelta(days=draw(st.integers(0, 300))) if target else None
        point = Point(day, f"1.{number}", draw(marks | st.none()), draw(marks | st.none()), draw(st.integers(1, 3)))
        found.append(Point(point.on, point.label, point.before, point.now, point.criteria, target, on))
    return found


def rank(likelihood: int, severity: int) -> int:
    return 1 + (likelihood * severity > 4) + (likelihood * severity > 9) + (likelihood * severity > 14)


def tree(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)  # noqa: S314


def numbers(drawing: str, kind: str) -> list[int]:
    groups = tree(drawing).findall(f".//g[@data-kind='{kind}']")
    return [int(text.text or 0) for group in groups if (text := group.find("text")) is not None]


@given(flows)
def test_a_counted_matrix_counts_everything_once(made: dict[tuple[tuple[int, int] | None, ...], int]) -> None:
    drawing = flow_matrix(made, rank)  # type: ignore[arg-type]
    for side, kind in ((0, "inherent"), (1, "residual")):
        by_cell = Counter[tuple[int, int]]()
        for flow, count in made.items():
            if (cell := flow[side]) is not None:
                by_cell[cell] += count
        assert sorted(numbers(drawing, kind)) == sorted(by_cell.values())
    drawn, moves = drawn_moves(made)  # type: ignore[arg-type]
    assert drawing.count('class="move"') == drawn == min(moves, 12)


def test_the_largest_moves_are_the_widest() -> None:
    drawing = flow_matrix({((5, 5), (1, 1)): 900, ((4, 4), (2, 2)): 1}, rank)
    weights = [path.get("data-weight") for path in tree(drawing).iter("path") if path.get("class") == "move"]
    assert weights == ["4", "1"]


def test_three_hundred_impacts_are_counted_rather_than_numbered() -> None:
    moves = [Move(number, (1 + number % 5, 5), (1, 1 + number % 3)) for number in range(300)]
    drawing = impact_matrix(moves, rank)
    assert sum(numbers(drawing, "inherent")) == sum(numbers(drawing, "residual")) == 300
    assert len(drawing) < 30_000
    assert "300 impacts" in drawing


@given(points())
def test_a_history_shows_the_newest_editions_apart_and_inside(made: list[Point]) -> None:
    drawing = history(made)
    shown = sorted(made, key=lambda point: point.on)[-10:]
    columns = [text for text in tree(drawing).iter("text") if text.get("class") == "history-edition"]
    has_target = bool(shown and shown[-1].target and shown[-1].target_on)
    assert [text.text for text in columns] == [point.label for point in shown] + (["target"] if has_target else [])
    places = [float(text.get("x", 0)) for text in columns]
    assert all(78 <= place <= 720 - 24 for place in places)
    assert all(after - before > 50 for before, after in pairwise(places))
    heights = [float(circle.get("cy", 0)) for circle in tree(drawing).iter("circle")]
    assert all(8 < height < 8 + 4 * 46 for height in heights)


@given(marks, marks)
def test_a_higher_band_or_score_stands_higher(one: tuple[int, int], other: tuple[int, int]) -> None:
    drawing = history([Point(date(2026, 1, 1), "1.0", None, one, 1), Point(date(2026, 6, 1), "1.1", None, other, 1)])
    first, second = (float(circle.get("cy", 0)) for circle in tree(drawing).iter("circle"))
    assert (one > other) <= (first <= second)
    assert (one[0] > other[0]) <= (first < second)


def test_a_change_of_criteria_is_marked_between_the_editions() -> None:
    made = [Point(date(2026, month, 1), f"1.{month}", None, (2, 8), 1 + (month > 2)) for month in (1, 2, 3)]
    assert history(made).count("history-criteria") == 1
    assert "criteria 2" in history(made)


@pytest.mark.parametrize(
    ("before", "now", "target", "shapes"),
    [(16, 8, 4, 3), (16, 8, None, 2), (8, 8, None, 2), (None, None, None, 0), (None, 3, None, 1)],
)
def test_a_span_shows_what_is_judged(before: int | None, now: int | None, target: int | None, shapes: int) -> None:
    made = tree(span(before, now, target))
    kinds = [element.get("class") for element in made]
    assert len([kind for kind in kinds if kind in {"span-before", "span-now", "span-target"}]) == shapes
    assert ("span-move" in kinds) is (bool(before and now) and before != now)


def test_bars_say_their_numbers_and_a_sliver_says_none() -> None:
    drawing = band_bars([("Now", (1990, 5, 0, 4, 1)), ("Target", (0, 0, 0, 0, 0))], label="Systems <by> band")
    assert "1990 Low" in drawing
    assert ">4 Severe<" not in drawing
    assert 'aria-label="Systems &lt;by&gt; band"' in drawing


def test_on_paper_every_shape_has_its_colour() -> None:
    day = date(2026, 3, 1)
    drawings = [
        flow_matrix({((5, 5), (1, 1)): 3}, rank, palette=PRINT),
        history([Point(day, "1.0", (4, 20), (2, 8), 1, (1, 4), day)], palette=PRINT),
        band_bars([("Now", (1, 2, 3, 4, 5))], label="Now", palette=PRINT),
        span(16, 8, 4, is_printed=True),
    ]
    for drawing in drawings:
        for element in tree(drawing).iter():
            if element.tag in {"rect", "text", "circle", "path"}:
                assert element.get("fill"), element.attrib


def test_bands_are_told_apart_without_colour() -> None:
    drawing = impact_matrix([], rank)
    told = [text.text for text in tree(drawing).iter("text") if text.get("text-anchor") == "start"]
    assert Counter(told) == {"L": 8, "M": 7, "H": 4, "S": 6}
    assert drawing.count('class="edge"') == 1


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=5, unique=True))
def test_initials_tell_names_apart(names: list[str]) -> None:
    assert len(set(initials(names))) == len(names)
