"""What the chart of the cycle is made of, in user units of its view box."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Mark:
    """A date to draw: its kind, its words, its day and whether it was kept."""

    kind: str
    name: str
    on: date
    done: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """An audit or a date of the certificate, with its label; `path` and `leader` may be empty."""

    name: str
    date: str
    done: bool
    x: float
    label_x: float
    name_y: float
    date_y: float
    width: float
    path: str
    tick: str
    leader: str


@dataclass(frozen=True, slots=True)
class Diamond:
    """An internal audit."""

    path: str
    done: bool


@dataclass(frozen=True, slots=True)
class Year:
    """The first of January, and where its year is written."""

    label: str
    x: float
    text_x: float
    has_line: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time on the axis."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Today:
    """The line of today with its flag."""

    x: float
    flag_x: float
    text_x: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything `components/cycle.html` draws, in user units of its view box."""

    width: int
    height: int
    axis: int
    years: tuple[Year, ...]
    validity: Bar | None
    elapsed: Bar | None
    stops: tuple[Stop, ...]
    diamonds: tuple[Diamond, ...]
    today: Today
