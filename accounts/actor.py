"""Who acts, and under which authority: every action is given one Actor."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from accounts.roles import READERS, Role

POLICY = {"id": "assay-roles", "version": 1}


class ActorKind(StrEnum):
    """People decide; services and AI agents may only deliver and propose."""

    HUMAN = "human"
    SERVICE = "service"
    AI = "ai"


@dataclass(frozen=True, slots=True)
class Principal:
    """The person whom a deputy stands in for: what is theirs is the deputy's to do, and so is what they may not."""

    user_id: int
    pseudonym: str
    name: str


@dataclass(frozen=True, slots=True)
class Authority:
    """A membership as a credential: role, scope, who granted it and how long it holds (field row G1).

    `deputy_of` names the person whose role is exercised in their stead.
    """

    membership_id: int | None
    role: Role
    scope: str
    granted_by: str
    valid_from: datetime | None
    valid_until: datetime | None
    deputy_of: Principal | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a service or an AI agent with the authorities it holds in one AIMS.

    `has_stepped_up` is False for a person at a browser who has not confirmed lately who they are, and for tokens.
    """

    kind: ActorKind
    user_id: int | None
    name: str
    email: str
    pseudonym: str
    auth_method: str
    authorities: tuple[Authority, ...] = ()
    request_id: str = field(default_factory=lambda: uuid4().hex)
    is_looking_back: bool = False
    has_stepped_up: bool = True
    shared: frozenset[str] = frozenset()

    @property
    def is_person(self) -> bool:
        """Deciding verbs take people only."""
        return self.kind is ActorKind.HUMAN

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held now."""
        return frozenset(authority.role for authority in self.authorities)

    @property
    def is_seat(self) -> bool:
        """Whether they are here only to certify: they read what is shared with their seat, and nothing else."""
        return self.roles == {Role.CERTIFIER}

    def sees(self, ref: str) -> bool:
        """Whether this reference is shared with their seat."""
        return ref in self.shared

    def holds(self, *roles: Role) -> bool:
        """Whether any of the roles is held; who looks back on a past date may only do what every role may: read."""
        if self.is_looking_back and not READERS.issubset(roles):
            return False
        return not self.roles.isdisjoint(roles)

    def owns(self, owner_id: int | None, *roles: Role) -> bool:
        """Whether a thing of this owner is theirs under one of the roles, or that of somebody they stand in for."""
        return not self.is_looking_back and owner_id is not None and self._authority_over(owner_id, roles) is not None

    def on_behalf_of(self, owner_id: int | None) -> "Actor":
        """Put the authority of the owner they stand in for first, so that the record names it."""
        if owner_id is None or owner_id == self.user_id:
            return self
        return replace(self, authorities=tuple(sorted(self.authorities, key=lambda held: _whose(held) != owner_id)))

    def _authority_over(self, owner_id: int, roles: Collection[Role]) -> Authority | None:
        own = [held for held in self.authorities if held.role in roles]
        return next((held for held in own if (_whose(held) or self.user_id) == owner_id), None)

    def authority_among(self, roles: Collection[Role]) -> Authority | None:
        """Return the authority that a verb open to these roles is exercised under."""
        return next((authority for authority in self.authorities if authority.role in roles), None)


def _whose(held: Authority) -> int | None:
    return held.deputy_of.user_id if held.deputy_of else None


def service(name: str, role: Role = Role.ADMINISTRATOR) -> Actor:
    """Return the actor for work that Assay does by itself, such as rendering or reminding."""
    authority = Authority(None, role, "whole AIMS", "assay", None, None)
    return Actor(ActorKind.SERVICE, None, name, "", f"service-{name}", "internal", (authority,))
