"""Where the nodes of a map stand: columns from left to right, lanes for lines that pass a column by. Pure numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 172.0, 54.0
ACROSS, BETWEEN, LANE = 29.6, 10.0, 8.0
TOP = 30.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line between two keys; `state` is how it is drawn."""

    start: str
    end: str
    state: str = "ok"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: its column's left edge and its middle."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Segment:
    """One drawn piece of a line: a curve from one column to the next, or a lane across one (`is_lane`)."""

    start: Place
    end: Place
    state: str
    is_lane: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of all keys, the pieces of all lines, and the size of it all."""

    places: Mapping[str, Place]
    segments: tuple[Segment, ...]
    width: float
    height: float


@dataclass(slots=True)
class _Grid:
    """Columns of slots: a key, or (key, column) for a lane that the lines of a key share."""

    columns: list[list[str]]
    hops: dict[tuple[str, str], str] = field(default_factory=dict)

    def lane(self, key: str, column: int) -> str:
        """The lane of a key's lines across a column."""
        name = f"{key}\n{column}"
        if name not in self.columns[column]:
            self.columns[column].append(name)
        return name


def laid_out(columns: Sequence[Sequence[str]], lines: Iterable[Line]) -> Layout:
    """Place keys so that lines cross little: each column is ordered by the middle of what leads to it, twice over."""
    grid = _Grid([list(column) for column in columns])
    at = {key: number for number, column in enumerate(columns) for key in column}
    for line in lines:
        _route(grid, at, line)
    for _sweep in range(2):
        _order(grid)
    places = _places(grid)
    width = len(columns) * (WIDTH + ACROSS) - ACROSS
    return Layout(
        places={key: place for key, place in places.items() if "\n" not in key},
        segments=tuple(_segments(grid, places)),
        width=width,
        height=TOP + max((_height(column) for column in grid.columns), default=0) + 8,
    )


def _route(grid: _Grid, at: Mapping[str, int], line: Line) -> None:
    """Take a line from column to column, on lanes where it passes one by."""
    start, end = sorted((line.start, line.end), key=lambda key: at[key])
    if at[start] == at[end]:
        return
    here = start
    for column in range(at[start] + 1, at[end]):
        lane = grid.lane(start, column)
        grid.hops.setdefault((here, lane), "ok")
        here = lane
    grid.hops[here, end] = line.state


def _order(grid: _Grid) -> None:
    for number in range(1, len(grid.columns)):
        before = {key: place for place, key in enumerate(grid.columns[number - 1])}
        size = max(len(before), 1)

        def middle(key: str, before: Mapping[str, int] = before, size: int = size) -> float:
            leading = [before[start] for start, end in grid.hops if end == key and start in before]
            return sum(leading) / len(leading) / size if leading else 1.0

        grid.columns[number].sort(key=middle)


def _height(column: Sequence[str]) -> float:
    return sum(LANE if "\n" in key else HEIGHT for key in column) + BETWEEN * max(len(column) - 1, 0)


def _places(grid: _Grid) -> dict[str, Place]:
    tallest = max((_height(column) for column in grid.columns), default=0)
    places = {}
    for number, column in enumerate(grid.columns):
        y = TOP + (tallest - _height(column)) / 2
        for key in column:
            size = LANE if "\n" in key else HEIGHT
            places[key] = Place(number * (WIDTH + ACROSS), y + size / 2)
            y += size + BETWEEN
    return places


def _segments(grid: _Grid, places: Mapping[str, Place]) -> Iterable[Segment]:
    for (start, end), state in grid.hops.items():
        left, right = places[start], places[end]
        yield Segment(Place(left.x + WIDTH, left.y), right, state)
    for key, place in places.items():
        if "\n" in key:
            yield Segment(place, Place(place.x + WIDTH, place.y), "ok", is_lane=True)
