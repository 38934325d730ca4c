"""Start one's own AIMS: who we are, which AI roles we play, which AI systems we run."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import Refusal, require
from aims.actions import found
from aims.models import Aims
from aims.queries import roles_anywhere
from aims.vocabulary import AiRole
from desk.permissions import may_start
from soa.actions import open_statement
from systems.actions import register


class NotStartable(Refusal):
    """The answers do not make an organisation."""


@dataclass(frozen=True, slots=True)
class Named:
    """An AI system as somebody names it on the first day."""

    name: str
    purpose: str


@transaction.atomic
def start(
    organisation: str,
    *,
    roles_played: Iterable[str],
    systems: Iterable[Named],
    founder: User,
    time_zone: str,
    auth_method: str = "password",
) -> Aims:
    """Found the AIMS, open its statement with 38 undecided controls and register the systems, or do nothing."""
    require(
        may_start(roles_anywhere(founder)),
        _("You are here to certify. Starting an organisation takes an account of your own."),
    )
    roles = [role for role in AiRole.values if role in set(roles_played)]
    if not roles:
        raise NotStartable(_("Choose at least one role; it can be changed later."), field="roles_played")
    aims, actor = found(organisation, founder=founder, roles_played=roles, time_zone=time_zone, auth_method=auth_method)
    with acting_in(aims, actor):
        open_statement(actor=actor)
        for system in systems:
            register(name=system.name, purpose=system.purpose, actor=actor)
    return aims
