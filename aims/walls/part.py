"""One piece of the walls: what makes it, and how the database describes it once it is there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """`statements` make it, also where another of its name is there already; `trace` is what the database then says."""

    name: str
    table: str
    statements: tuple[str, ...]
    trace: str
