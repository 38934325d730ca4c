"""How an address is to be asked and how it answers: the words that the tables of routes are written in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.actor import Actor
from accounts.roles import INSIDERS, STEWARDS, Role

Params = dict[str, Any]
Roles = frozenset[Role]
Thing = Callable[[Actor], Params]
READS = frozenset({405})
VERB = frozenset({403})
VERB_ON_NOTHING = frozenset({403, 404})
NOBODY: Roles = frozenset()
READ_FIRST = frozenset({400, 403})  # the body says what may be done, so it is read first
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
APPROVERS = frozenset({Role.APPROVER})
DECIDERS = STEWARDS | APPROVERS


@dataclass(frozen=True, slots=True)
class Route:
    """How one address is to be asked and how it answers."""

    sample: Params = field(default_factory=dict)
    made: Thing | None = None
    posted: frozenset[int] = READS
    is_public: bool = False
    gets: bool = True
    may: Roles | None = None
    sees: Roles | None = None
    writes: str = "POST"
    only_people: bool = False
    in_person: bool = False
    body: Params | Thing | None = None
    asks: tuple[str, ...] = ()
    is_refused: bool = False
    shows_shared: bool = False
    closed: frozenset[int] = VERB

    def params(self, officer: Actor) -> Params:
        """The parameters, with the things they name made first."""
        return self.made(officer) if self.made else self.sample

    @property
    def writers(self) -> Roles:
        """Who may write."""
        if self.may is not None:
            return self.may
        if 403 in self.posted:
            return STEWARDS
        return NOBODY if self.posted == READS else INSIDERS

    @property
    def readers(self) -> Roles:
        """Who may read."""
        return INSIDERS if self.sees is None else self.sees

    def more(self, actor: Actor) -> Params:
        """What a body that is taken holds besides what can be told from its fields."""
        return self.body(actor) if callable(self.body) else self.body or {}


def public(**sample: Any) -> Route:
    """An address that anybody may ask for."""
    return Route(sample, is_public=True)


def page(made: Thing | None = None, *, sees: Roles | None = None, asks: tuple[str, ...] = (), **sample: Any) -> Route:
    """An address that only shows; it is closed to seats."""
    return Route(sample, made, sees=sees, asks=asks)


def shared(made: Thing, *, sees: Roles | None = None) -> Route:
    """An address that shows one thing, to a seat only if it is shared: else as if it were not there."""
    return Route(made=made, sees=sees, shows_shared=True)


def form(
    made: Thing | None = None, *, may: Roles = STEWARDS, sees: Roles | None = None, body: Any = None, **sample: Any
) -> Route:
    """A page with a form: who may use it may ask for it, and others only if `sees` says so."""
    return Route(sample, made, VERB, may=may, sees=may if sees is None else sees, body=body)


def verb(
    made: Thing | None = None, *, may: Roles | None = None, body: Any = None, only_people: bool = False, **sample: Any
) -> Route:
    """An address that is only posted to; without `made` its sample names nothing, so 404 may come first."""
    posted = VERB if made or not sample else VERB_ON_NOTHING
    return Route(sample, made, posted, gets=False, may=may, body=body, only_people=only_people)


def unmade(**sample: Any) -> Route:
    """A page with a form about something that the table does not make yet."""
    return Route(sample, None, VERB_ON_NOTHING)
