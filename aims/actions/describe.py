"""Say who the organisation is."""

from dataclasses import asdict, dataclass, field
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from aims.events import DESCRIBED
from aims.models import Aims
from aims.permissions import may_manage
from aims.ports import Described, tell_of
from aims.vocabulary import AiRole
from ledger.actions import record
from ledger.change import Change, hold_apart


class NotDescribable(Refusal):
    """The organisation cannot be described so."""


@dataclass(frozen=True, slots=True)
class Description:
    """What reports print about the organisation; `time_zone` is an IANA name, and dates are dates there."""

    organisation: str
    short_name: str = ""
    time_zone: str = "Europe/London"
    roles_played: list[str] = field(default_factory=list)
    jurisdictions: list[str] = field(default_factory=list)
    document_code: str = ""


@transaction.atomic
def describe(about: Description, *, seen: int, actor: Actor) -> Aims:
    """Change the description of the AIMS in context (4.1)."""
    row = Aims.objects.select_for_update().get(pk=current_aims_id())
    require(may_manage(actor, row), _("Describing the organisation takes an administrator or a compliance officer."))
    hold_apart(row, seen, **asdict(about))
    _refuse_nonsense(about)
    roles = tuple(row.roles_played)
    change = Change.of(row, **asdict(about))
    if change:
        change.save(actor=actor)
        record(DESCRIBED, row, actor=actor, change=change)
        tell_of(Described(row, roles, actor))
    return row


def _refuse_nonsense(about: Description) -> None:
    if not about.organisation.strip():
        raise NotDescribable(_("Say what the organisation is called."), field="organisation")
    if about.time_zone not in available_timezones():
        raise NotDescribable(
            _("There is no time zone %(time_zone)s.") % {"time_zone": about.time_zone}, field="time_zone"
        )
    if unknown := set(about.roles_played) - set(AiRole):
        raise NotDescribable(
            _("There is no AI role %(unknown)s.") % {"unknown": ", ".join(sorted(unknown))}, field="roles_played"
        )
