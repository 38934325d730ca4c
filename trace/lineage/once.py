"""What one lineage asks of the database more than once is asked once: several providers need the same rows."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
Answers = dict[Any, Any]

_seen: ContextVar[Answers | None] = ContextVar("lineage", default=None)


@contextmanager
def looking_once() -> Iterator[None]:
    """Keep answers until the outermost of these ends; nothing may be written meanwhile."""
    if _seen.get() is not None:
        yield
        return
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


def kept(name: str) -> Answers:
    """Return what was kept under a name so far, to be added to; outside `looking_once` nothing is."""
    seen = _seen.get()
    kept_: Answers = {} if seen is None else seen.setdefault(name, {})
    return kept_


def each(name: str, wanted: Iterable[str], ask: Callable[[set[str]], Iterable[tuple[str, R]]]) -> list[R]:
    """Return what was found under each key, asking only for keys that were not asked for before."""
    known: dict[str, list[R]] = kept(name)
    keys = list(wanted)
    if missing := set(keys) - known.keys():
        known.update({key: [] for key in missing})
        for key, found in ask(missing):
            known[key].append(found)
    return [found for key in keys for found in known[key]]


def once(question: Callable[P, R]) -> Callable[P, R]:
    """Mark a question whose answer is kept; its arguments are hashable, and nobody changes what it returns."""

    @wraps(question)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        answers = kept(f"{question.__module__}.{question.__qualname__}")
        key = (args, tuple(kwargs.items()))
        if key not in answers:
            answers[key] = question(*args, **kwargs)
        answer: R = answers[key]
        return answer

    return ask
