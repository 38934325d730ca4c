"""What this room asks of rooms it cannot see.

Who else has a say in whether a session may enter an organisation, what of theirs can be shared with a seat, and who
hears that the scope, the roles or the obligations of the organisation are said anew.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from accounts.actor import Actor
from aims.models import Aims, Obligation, ScopeStatement


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a member's session may not enter, and the address where they sign in so that it may, if there is one."""

    words: str
    address: str


Guard = Callable[[HttpRequest, Aims, Actor], Closed | None]
_guards: list[Guard] = []


def guards_entry(guard: Guard) -> None:
    """Have every entry into an organisation pass this guard too; members only come this far."""
    if guard not in _guards:
        _guards.append(guard)


def closed_to(request: HttpRequest, aims: Aims, actor: Actor) -> Closed | None:
    """Return why this session may not enter, or None."""
    return next((closed for guard in _guards if (closed := guard(request, aims, actor))), None)


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


@dataclass(frozen=True, slots=True)
class Rescoped:
    """A new version of the scope statement, and who made it."""

    scope: ScopeStatement
    actor: Actor


@dataclass(frozen=True, slots=True)
class Described:
    """The organisation as it is described now, the AI roles it played before, and who said so."""

    aims: Aims
    roles_before: tuple[str, ...]
    actor: Actor


@dataclass(frozen=True, slots=True)
class Obliged:
    """An obligation that is new, says something else or no longer holds; `was` is the kind it had before."""

    obligation: Obligation
    was: str
    actor: Actor


News = Rescoped | Described | Obliged
_hearers: dict[type[News], list[Callable[..., None]]] = {Rescoped: [], Described: [], Obliged: []}


def hears_of(kind: type[News], listener: Callable[..., None]) -> None:
    """Register who hears of one of these, from `AppConfig.ready`; it runs in the transaction of the act."""
    if listener not in _hearers[kind]:
        _hearers[kind].append(listener)


def tell_of(news: News) -> None:
    """Tell every room that asked for it, in the order of the rooms."""
    for listener in _hearers[type(news)]:
        listener(news)
