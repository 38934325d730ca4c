"""Add an identity provider by name, so that it has addresses to be registered with before it has keys."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from aims.models import Aims
from aims.numbering import next_code
from ledger.actions import record
from ledger.change import Change
from signon.events import CONFIGURED
from signon.models import Protocol, Provider
from signon.permissions import may_configure

WHO = "How people sign in is decided by administrators."
MOST = 20


class NotProvidable(Refusal):
    """The provider cannot be set up so."""


@transaction.atomic
def add_provider(name: str, *, protocol: str, actor: Actor) -> Provider:
    """Add a provider under the next code (IDP-01 …); it lets nobody in until it is filled in."""
    aims = Aims.objects.select_for_update().get(pk=current_aims_id())
    require(may_configure(actor, aims), WHO)
    if not name.strip():
        raise NotProvidable(_("Give the name that people know the provider by."), field="name")
    if protocol not in Protocol:
        raise NotProvidable(_("Choose OpenID Connect or SAML."), field="protocol")
    if Provider.objects.filter(withdrawn_at__isnull=True).count() >= MOST:
        raise NotProvidable(_("There are %(n)s providers already. Withdraw one first.") % {"n": MOST})
    row = Provider(aims=aims, code=next_code("IDP", width=2), name=name.strip(), protocol=protocol)
    change = Change.new(row)
    change.save(actor=actor)
    record(CONFIGURED, row, actor=actor, change=change)
    return row
