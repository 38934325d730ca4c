"""Who acts, and under which authority: every action is given one Actor."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from accounts.roles import EVERYONE, Role

POLICY = {"id": "assay-roles", "version": 1}


class ActorKind(StrEnum):
    """People decide; services and AI agents may only deliver and propose."""

    HUMAN = "human"
    SERVICE = "service"
    AI = "ai"


@dataclass(frozen=True, slots=True)
class Authority:
    """A membership as a credential: role, scope, who granted it and how long it holds (field row G1)."""

    membership_id: int | None
    role: Role
    scope: str
    granted_by: str
    valid_from: datetime | None
    valid_until: datetime | None


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

    @property
    def is_person(self) -> bool:
        """Deciding verbs take people only."""
        return self.kind is ActorKind.HUMAN

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held now."""
        return frozenset(authority.role for authority in self.authorities)

    def holds(self, *roles: Role) -> bool:
        """Whether any of the roles is held; who looks back on a past date may only do what every role may: read."""
        if self.is_looking_back and not EVERYONE.issubset(roles):
            return False
        return not self.roles.isdisjoint(roles)

    def authority_among(self, roles: Collection[Role]) -> Authority | None:
        """Return the authority that a verb open to these roles is exercised under."""
        return next((authority for authority in self.authorities if authority.role in roles), None)


def service(name: str, role: Role = Role.ADMINISTRATOR) -> Actor:
    """Return the actor for work that Assay does by itself, such as rendering or reminding."""
    authority = Authority(None, role, "whole AIMS", "assay", None, None)
    return Actor(ActorKind.SERVICE, None, name, "", f"service-{name}", "internal", (authority,))
