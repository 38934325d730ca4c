"""The matrix as SVG: pure, well formed, every impact on it, and no colour left to a style sheet in PDF."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from assessments.pictures import Move, Palette, count_matrix, impact_matrix

cells = st.tuples(st.integers(1, 5), st.integers(1, 5))
moves = st.lists(st.tuples(cells | st.none(), cells | st.none()), max_size=30).map(
    lambda pairs: [Move(number, before, now) for number, (before, now) in enumerate(pairs, 1)]
)


def rank(likelihood: int, severity: int) -> int:
    return 1 + (likelihood * severity > 4) + (likelihood * severity > 9) + (likelihood * severity > 14)


@given(moves)
def test_every_scored_impact_has_its_marks_inside_its_cell(made: list[Move]) -> None:
    tree = ElementTree.fromstring(impact_matrix(made, rank))  # noqa: S314
    rings = tree.findall(".//g[@data-kind='inherent']")
    discs = tree.findall(".//g[@data-kind='residual']")
    assert len(rings) == sum(move.before is not None for move in made)
    assert len(discs) == sum(move.now is not None for move in made)
    spots = [(circle.get("cx"), circle.get("cy")) for circle in tree.iter("circle")]
    assert len(set(spots)) == len(spots)
    for ring, move in zip(sorted(rings, key=_number), [move for move in made if move.before], strict=True):
        circle = ring.find("circle")
        assert circle is not None
        assert move.before is not None
        assert abs(float(circle.get("cx", 0)) - (35 + (move.before[0] - 1) * 52 + 25)) <= 25
        assert abs(float(circle.get("cy", 0)) - (7 + (5 - move.before[1]) * 52 + 25)) <= 25


def _number(group: ElementTree.Element) -> int:
    text = group.find("text")
    assert text is not None
    return int(text.text or 0)


def test_an_arrow_goes_from_before_to_now_only_when_it_moved() -> None:
    moved = impact_matrix([Move(1, (4, 4), (3, 4)), Move(2, (3, 5), (3, 5)), Move(3, (2, 2), None)], rank)
    assert moved.count('class="move"') == 1
    assert moved.count("data-used") == 4


def test_it_says_in_words_what_it_shows() -> None:
    assert "Highest score before: 16. Now: 12." in impact_matrix([Move(1, (4, 4), (3, 4))], rank)
    assert "none is scored yet" in impact_matrix([], rank)


def test_in_pdf_every_shape_has_its_colour() -> None:
    made = impact_matrix([Move(1, (4, 4), (3, 4))], rank, palette=Palette())
    tree = ElementTree.fromstring(made)  # noqa: S314
    for element in tree.iter():
        if element.tag in {"rect", "text", "circle", "path"}:
            assert element.get("fill"), element.attrib


def test_on_screen_no_colour_is_set_and_no_style() -> None:
    made = impact_matrix([Move(1, (4, 4), (3, 4))], rank)
    assert " fill=" not in made
    assert "style=" not in made


def test_counts_stand_in_their_cells() -> None:
    made = count_matrix({(1, 1): 3, (5, 5): 0}, rank, label="Two <risks>", palette=Palette())
    tree = ElementTree.fromstring(made)  # noqa: S314
    assert [text.text for text in tree.findall("./text[@class='cell-count']")] == ["3"]
    assert tree.get("aria-label") == "Two <risks>"
