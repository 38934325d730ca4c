"""What rooms on the right can have shared with a seat: each registers its kinds, and tells which things there are."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from aims.models import Aims


@dataclass(frozen=True, slots=True)
class Shareable:
    """A thing as the officer chooses it and the auditor finds it; `address` is empty where nothing is to be opened.

    `note` says in a few words what it is.
    """

    ref: str
    title: str
    address: str = ""
    note: str = ""


Finder = Callable[[Aims, Collection[str] | None], Iterable[Shareable]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: its word in references, its name in the plural, and who finds those that can be shared.

    `find` is given the references asked for, or None for all there are.
    """

    word: str
    label: str | Promise
    find: Finder


_kinds: dict[str, Kind] = {}


def shares(kind: Kind) -> None:
    """Register a kind of thing that can be shared, from `AppConfig.ready`."""
    _kinds[kind.word] = kind


def kinds() -> tuple[Kind, ...]:
    """Return the kinds in the order of the rooms."""
    return tuple(_kinds.values())


def shareable(aims: Aims, refs: Collection[str]) -> dict[str, Shareable]:
    """Return those of the references that lead to something that can be shared now; a query or two a kind."""
    found: dict[str, Shareable] = {}
    for kind in kinds():
        if wanted := [ref for ref in refs if ref.startswith(f"{kind.word}:")]:
            found |= {thing.ref: thing for thing in kind.find(aims, wanted)}
    return {ref: found[ref] for ref in refs if ref in found}
