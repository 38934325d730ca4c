"""Places of boxes and lines: inside the map, in their column, none upon another."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from trace.lineage.layout import HEIGHT, LANE, WIDTH, Line, laid_out
from trace.lineage.map import MOST, Box, Column, lineage_map

COLUMNS = st.lists(st.integers(0, 6), min_size=1, max_size=7).map(
    lambda sizes: [[f"{column}-{row}" for row in range(size)] for column, size in enumerate(sizes)]
)


def all_lines(columns: list[list[str]]) -> list[Line]:
    """A line between each two keys."""
    return [Line(one, other) for one, other in combinations([key for column in columns for key in column], 2)]


@given(COLUMNS, st.randoms(use_true_random=False))
def test_boxes_stand_apart_and_lines_meet_them(columns: list[list[str]], random: object) -> None:
    lines = all_lines(columns)
    random.shuffle(lines)  # type: ignore[attr-defined]
    layout = laid_out(columns, lines[:20])
    assert set(layout.places) == {key for column in columns for key in column}
    for key, place in layout.places.items():
        assert place.x == int(key.partition("-")[0]) * (WIDTH + 29.6)
        assert HEIGHT / 2 <= place.y <= layout.height - HEIGHT / 2
    for one, other in combinations(layout.places.values(), 2):
        assert one.x != other.x or abs(one.y - other.y) >= HEIGHT
    for segment in layout.segments:
        assert segment.end.x - segment.start.x in (WIDTH, 29.600000000000023) or segment.end.x > segment.start.x


@given(COLUMNS)
def test_lanes_never_cross_a_box(columns: list[list[str]]) -> None:
    layout = laid_out(columns, all_lines(columns))
    for lane in (segment for segment in layout.segments if segment.is_lane):
        for place in layout.places.values():
            assert place.x != lane.start.x or abs(place.y - lane.start.y) >= (HEIGHT + LANE) / 2


def a_box(number: int, **fields: str) -> Box:
    """A box of a map."""
    told = {"title": "Title", "note": "note", "hash": "abcdef123456", "state": "ok"} | fields
    return Box(f"x:{number}", f"X-{number}", address=f"#at-{number}", **told)


def test_a_map_is_finished_markup_and_escapes() -> None:
    columns = [
        Column("Control", (a_box(1, title="<b>Rank & file</b>"),), "step-subject"),
        Column("AI systems", (a_box(2, state="gap"), a_box(3, state="pending")), "step-system"),
    ]
    svg = lineage_map(columns, [Line("x:1", "x:2", "gap"), Line("x:1", "x:9")], label="Map of X-1")
    assert svg.startswith('<svg class="lineage-map" data-columns="2" viewBox="0 0 373.6 ')
    assert 'role="group" aria-label="Map of X-1"' in svg
    assert "&lt;b&gt;Rank &amp; file" in svg
    assert svg.count('class="lineage-node"') == 3
    assert svg.count('class="lineage-edge"') == 1
    assert 'class="lineage-edge" data-state="gap"' in svg
    assert 'href="#at-2"' in svg
    assert "abcdef" in svg
    assert "style=" not in svg


def test_long_words_are_cut_and_many_boxes_counted() -> None:
    boxes = tuple(a_box(number, title="A title that is much too long") for number in range(20))
    svg = lineage_map([Column("Evidence", boxes, "step-evidence")], [], label="Map")
    assert svg.count('class="lineage-node"') == MOST
    assert f"and {20 - MOST + 1} more" in svg
    assert "A title that is much…" in svg
