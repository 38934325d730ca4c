"""Open the statement: one undecided row for each of the 38 controls."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from aims.models import Aims
from controls.models import Requirement, RequirementKind
from ledger.actions import record
from ledger.change import Change, stamp
from soa.events import OPENED
from soa.models import Entry, Statement
from soa.permissions import may_steer


class NoCatalogue(Refusal):
    """There are no controls to open a statement with."""


@transaction.atomic
def open_statement(*, actor: Actor) -> Statement:
    """Return the AIMS's statement, making it with its rows on first use; own controls have a row already."""
    Aims.objects.select_for_update().get(pk=current_aims_id())
    standing = Statement.objects.first()
    if standing is not None:
        return standing
    require(may_steer(actor), _("Opening the statement takes a compliance officer or an administrator."))
    controls = list(Requirement.objects.filter(kind=RequirementKind.CONTROL).in_order())
    if not controls:
        raise NoCatalogue(_("The catalogue is not loaded. Run load_catalogue first."))
    statement = Statement(aims_id=current_aims_id(), opened_at=clock.now())
    change = Change.new(statement)
    change.save(actor=actor)
    for control in controls:
        entry = Entry(aims_id=statement.aims_id, statement=statement, requirement=control)
        stamp(entry, actor=actor, reason="opened")
        entry.save(force_insert=True)
    record(OPENED, statement, actor=actor, change=change)
    return statement
