"""The table of roles: every permission, asked for a probe of every role and of every kind of token.

A probe owns the thing that is asked about, or does not. So the table says of each verb whether a role is enough, or
only together with owning the thing, or with having it shared.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from importlib import import_module
from inspect import signature
from itertools import product
from pathlib import Path
from typing import Any, get_args, get_type_hints

from django.conf import settings

from accounts.actor import Actor, ActorKind, Authority
from accounts.roles import INSIDERS, Role
from accounts.verbs import Verb, known_verbs

ROOT = Path(__file__).resolve().parent.parent
ME, SOMEBODY = 1, 2
REF = "thing:1"
SHORT = {
    Role.ADMINISTRATOR: "admin",
    Role.OFFICER: "officer",
    Role.OWNER: "owner",
    Role.REVIEWER: "reviewer",
    Role.APPROVER: "approver",
    Role.AUDITOR: "auditor",
    Role.CERTIFIER: "certifier",
}
KINDS = {ActorKind.SERVICE: "service", ActorKind.AI: "agent"}
COLUMNS = (*SHORT.values(), *KINDS.values())


class Thing:
    """Anything a permission looks at: everybody named on it is the same person, and so on everything it leads to."""

    ref = REF

    def __init__(self, person: int) -> None:
        self.pk = person
        self._person = person

    def __getattr__(self, name: str) -> Any:
        return self._person if name.endswith("_id") else Thing(self._person)


@dataclass(frozen=True, slots=True)
class Line:
    """One verb, or one case of it such as a band, with the answer for each column."""

    words: str
    answers: dict[str, str]
    meaning: str


def load_permissions() -> None:
    """Import every room's permissions, as a server does by its addresses."""
    for file in sorted(ROOT.glob("*/permissions.py")):
        import_module(f"{file.parent.name}.permissions")


def rooms() -> dict[str, list[Line]]:
    """Return the lines of the table by room, in the order of the rooms and of what they declare."""
    load_permissions()
    order = list(settings.INSTALLED_APPS)
    found: dict[str, list[Line]] = {}
    for verb in sorted(known_verbs().values(), key=lambda one: (order.index(one.room), one.line)):
        found.setdefault(verb.room, []).extend(lines_of(verb))
    return found


def lines_of(verb: Verb) -> Iterator[Line]:
    """Return a line for each case that the permission tells apart."""
    hints = {name: hint for name, hint in get_type_hints(verb.ask).items() if name in signature(verb.ask).parameters}
    cases = {name: list(hint) for name, hint in hints.items() if isinstance(hint, type) and issubclass(hint, Enum)}
    for chosen in product(*cases.values()):
        fixed = dict(zip(cases, chosen, strict=True))
        about = ", ".join(str(getattr(value, "label", value)).lower() for value in chosen)
        ask = _asking(verb.ask, hints, fixed)
        is_for_actors = Actor in hints.values()
        answers = {name: _answer(ask, actor, is_for_actors) for name, actor in probes().items()}
        yield Line(f"{verb.words}: {about}" if about else verb.words, answers, verb.meaning)


def probes() -> dict[str, Actor]:
    """Return an actor for each column; machines hold every role that a member can lend them."""
    people = {SHORT[role]: probe(role) for role in Role}
    machines = {
        name: replace(probe(*(role for role in Role if role in INSIDERS)), kind=kind, user_id=None)
        for kind, name in KINDS.items()
    }
    return people | machines


def probe(*roles: Role) -> Actor:
    """Return a person who holds these roles in their own right."""
    held = tuple(Authority(ME, role, "whole AIMS", "assay", None, None) for role in roles)
    return Actor(ActorKind.HUMAN, ME, "Probe", "probe@example.org", "probe", "password", held)


def _asking(ask: Callable[..., bool], hints: dict[str, Any], fixed: dict[str, Any]) -> Callable[[Actor, int], bool]:
    def asked(actor: Actor, person: int) -> bool:
        given = {name: fixed.get(name) or _given(hint, actor, person) for name, hint in hints.items()}
        return bool(ask(**given))

    return asked


def _given(hint: Any, actor: Actor, person: int) -> Any:
    if hint is Actor:
        return actor
    inner = [kind for kind in get_args(hint) if kind is not type(None)]
    if int in inner or hint is int:
        return person
    if Role in inner:
        return actor.roles
    return Thing(person)


def _answer(ask: Callable[[Actor, int], bool], actor: Actor, is_for_actors: object) -> str:
    if not is_for_actors and not actor.is_person:
        return ""
    if ask(actor, SOMEBODY):
        return "yes"
    if ask(actor, ME):
        return "own"
    return "shared" if actor.is_seat and ask(replace(actor, shared=frozenset({REF})), SOMEBODY) else ""


def policies() -> Iterator[tuple[str, str]]:
    """Return each rule of separation of duties by its name, with its sentence."""
    for file in sorted(ROOT.glob("*/policies.py")):
        module = import_module(f"{file.parent.name}.policies")
        for name, rule in vars(module).items():
            if getattr(rule, "__module__", "") == module.__name__ and not name.startswith("_"):
                yield f"{file.parent.name}.{name}", " ".join((rule.__doc__ or "").split())
