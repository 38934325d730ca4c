"""What set-up tells the person who watches it: one line a step, one line a problem."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

BANNER_WIDTH = 78


class Problem(Exception):
    """Something only the person at the keyboard can mend; the message says what, in one line."""


def say(text: str, *, end: str = "\n") -> None:
    """Print at once, and carry on when nobody listens any more (a closed terminal or pipe)."""
    with suppress(OSError, ValueError):
        sys.stdout.write(text + end)
        sys.stdout.flush()


def say_loudly(lines: list[str]) -> None:
    """Print what must not be overlooked between two bars."""
    if lines:
        say("\n".join(["", "!" * BANNER_WIDTH, *(f"!! {line}" for line in lines), "!" * BANNER_WIDTH, ""]))


def complain(problem: Problem) -> None:
    """Print a problem where problems belong."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{problem}\n")
        sys.stderr.flush()


@contextmanager
def step(label: str) -> Iterator[None]:
    """Name a step while it runs, then how many seconds it took."""
    began = time.monotonic()
    say(f"  {label:<32}", end="")
    try:
        yield
    except BaseException:
        say("")
        raise
    say(f"{time.monotonic() - began:6.1f} s")
