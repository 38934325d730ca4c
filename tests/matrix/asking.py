"""How the walk asks: the two AIMS, everybody who knocks, and what is found wrong, collected and told at once."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from unittest import mock
from uuid import UUID

from django.db import transaction
from django.forms import BaseForm
from django.http import QueryDict
from django.urls import reverse
from rest_framework.serializers import BaseSerializer

from accounts.context import acting_in
from accounts.roles import Role
from tests.matrix.planted import HASH, hashes_of
from tests.matrix.reading import said
from tests.matrix.rows import digest, digests, straying, tenant_models, watching
from tests.matrix.tenant import CHIEF, DISABLED, ENDED, GUEST, MACHINES, REVOKED, STRANGER, Tenant, Visitor
from tests.matrix.things import Params
from tests.matrix.urls import INSIDE
from tests.routes import ROUTES
from tests.routing import Route

NOWHERE = "no-such-organisation"
FIRST_OF_THEIRS, FIRST_OF_THE_WALK = 7_000_000, 8_000_000
THEIR_KEY = re.compile(rb"\b7000\d{3}\b")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ROLES = tuple(role.value for role in Role)


class Found(AssertionError):
    """What the walk found wrong with a route."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a view looked at: the forms and serializers it made, and the names it asked the request for."""

    forms: list[BaseForm] = field(default_factory=list)
    serializers: list[BaseSerializer[Any]] = field(default_factory=list)
    names: set[Any] = field(default_factory=set)


@dataclass
class World:
    """Ours, in which the walk asks, and theirs, of which nothing may be seen; `alone` is what ours said before."""

    ours: Tenant
    theirs: Tenant
    alone: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def clients(self) -> dict[str, Visitor]:
        """Everybody who knocks at our doors, signed in."""
        names = [*ROLES, CHIEF, "heir", "anonymous", DISABLED, REVOKED, ENDED, *MACHINES.values()]
        clients = {name: self.ours.client(name) for name in names}
        clients |= {STRANGER: self.theirs.client(CHIEF)}
        strayed = [*MACHINES.values(), GUEST]
        return clients | {f"{STRANGER}'s {name}": self.theirs.client(name) for name in strayed}

    @cached_property
    def their_hashes(self) -> frozenset[str]:
        """Random names of theirs; what both have is no secret."""
        return hashes_of(self.theirs) - hashes_of(self.ours)

    @cached_property
    def theirs_before(self) -> dict[str, str]:
        """Their tables before anybody knocked."""
        return digests(self.theirs)

    @contextmanager
    def having(self, touched: set[str]) -> Iterator[None]:
        """Take what was written to their tables for what stands there, until it is taken back."""
        before = dict(self.theirs_before)
        tables = touched & tenant_models().keys()
        self.theirs_before |= {table: digest(self.theirs, table) for table in tables}
        try:
            yield
        finally:
            self.theirs_before.update(before)

    def leaks(self, answer: Any) -> list[str]:
        """What of theirs stands in an answer."""
        text = said(answer)
        found = [self.theirs.word] if self.theirs.word.lower().encode() in text else []
        found += [key.decode() for key in THEIR_KEY.findall(text)]
        return found + sorted(self.their_hashes & set(HASH.findall(text.decode(errors="replace"))))

    def harm(self, touched: set[str]) -> list[str]:
        """What of theirs is not as it was, and what of ours leads to them."""
        tables = touched & tenant_models().keys()
        changed = [table for table in sorted(tables) if digest(self.theirs, table) != self.theirs_before[table]]
        return [f"their rows of {table} changed" for table in changed] + straying(self.ours, self.theirs, tables)


@dataclass(frozen=True, slots=True)
class Case:
    """One route of the walk, with the parameters that name ours, theirs and nothing."""

    name: str
    route: Route
    own: Params
    foreign: tuple[Params, ...]
    missing: tuple[Params, ...]
    problems: list[str] = field(default_factory=list)

    @property
    def is_api(self) -> bool:
        """Whether machines knock here."""
        return self.name.startswith("api:")

    def place(self, params: Params, slug: str) -> str:
        """The address; outside an AIMS there is no slug in it."""
        return reverse(self.name, kwargs=params | ({"aims": slug} if self.name in INSIDE else {}))

    def note(self, is_right: bool, what: str) -> None:
        """Keep what is wrong."""
        if not is_right:
            self.problems.append(what)

    def settle(self) -> None:
        """Raise what was found wrong."""
        if self.problems:
            shown = "\n  ".join(dict.fromkeys(self.problems))
            raise Found(f"{self.name}:\n  {shown}")


@contextmanager
def trying() -> Iterator[None]:
    """Let anything happen and take it back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def own_case(ours: Tenant, name: str) -> Iterator[Case]:
    """Make what a route names in our AIMS, while there is no other."""
    with trying():
        yield Case(name, ROUTES[name], _params(ROUTES[name], ours), (), ())


@contextmanager
def case_of(world: World, name: str) -> Iterator[Case]:
    """Make the things that a route names, in both AIMS, and take everything back afterwards."""
    route = ROUTES[name]
    with trying():
        own = _params(route, world.ours)
        with watching() as touched:
            theirs = _params(route, world.theirs)
        absent = {key: missing_of(value) for key, value in theirs.items()}
        apart = [key for key in theirs if theirs[key] != own[key]]
        mixed = apart[1:] if len(apart) == len(own) else apart
        foreign = [theirs, *(own | {key: theirs[key]} for key in mixed)] if own and route.made else []
        missing = [absent, *(own | {key: absent[key]} for key in mixed)] if own and route.made else []
        case = Case(name, route, own, tuple(foreign), tuple(missing))
        case.note(not own or not route.made or own != theirs, f"theirs has the name {own} as well: make more of theirs")
        with world.having(touched):
            yield case


def _params(route: Route, tenant: Tenant) -> Params:
    with acting_in(tenant.aims, tenant.author):
        return route.params(tenant.author)


def missing_of(value: Any) -> Any:
    """A value of the same shape that names nothing anywhere."""
    if isinstance(value, int):
        return 9_999 if value < 1_000 else 99_999_999
    if isinstance(value, UUID):
        return UUID(int=5)
    if re.search(r"@[a-z]", str(value)):
        return "nobody@nowhere.example"
    if re.search(r"\d", str(value)):
        return re.sub(r"\d", "9", str(value))
    return f"{value[::-1]}-x"


def ask(client: Visitor, method: str, place: str, body: Any = None, **headers: str) -> Any:
    """Send one request, as if it were the browser's first; to the API as JSON about any version."""
    client.cookies.clear()
    client.cookies.load(client.kept)
    sent = _rewound(body)
    if place.startswith("/api/") and method not in ("GET", "HEAD", "OPTIONS") and not sent:
        headers = {"if-match": "*"} | headers
        return client.generic(method, place, json.dumps(body or {}), "application/json", headers=headers)
    if method in ("GET", "POST"):
        return getattr(client, method.lower())(place, body or {}, headers=headers)
    return client.generic(method, place, headers=headers)


def _rewound(body: Any) -> bool:
    """Put files back to their beginning, as they may have been sent before; whether there are any."""
    files = [value for value in (body or {}).values() if hasattr(value, "seek")]
    for file in files:
        file.seek(0)
    return bool(files)


@contextmanager
def looking() -> Iterator[Seen]:
    """Watch which forms, serializers and names the views make use of."""
    seen = Seen()

    def noting(cls: type, name: str, note: Any) -> Any:
        real = getattr(cls, name)

        def called(self: Any, *args: Any, **kwargs: Any) -> Any:
            note(self, args)
            return real(self, *args, **kwargs)

        return mock.patch.object(cls, name, called)

    with ExitStack() as stack:
        stack.enter_context(noting(BaseForm, "is_valid", lambda form, _args: seen.forms.append(form)))
        stack.enter_context(noting(BaseSerializer, "is_valid", lambda one, _args: seen.serializers.append(one)))
        for method in ("get", "getlist", "__getitem__"):
            stack.enter_context(noting(QueryDict, method, lambda _data, args: seen.names.add(args[0])))
        yield seen
        seen.names.discard(None)
