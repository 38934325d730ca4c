"""Replace the certificate that signs reports: by the organisation's own, or by a new one of Assay's making."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import require
from aims.models import Aims
from reports.actions.put_in_force import put_in_force
from reports.certificates import Pair, brought, made_for
from reports.events import REPLACED
from reports.models import CertificateKind, SigningIdentity
from reports.permissions import may_replace


@sensitive_variables("pkcs12", "password", "pair")
def replace_identity(pkcs12: bytes, password: str, *, actor: Actor) -> SigningIdentity:
    """Sign with the organisation's own certificate from now on; raises NotUsable for what cannot sign."""
    _only_administrators(actor)
    return _replace(brought(pkcs12, password, clock.now()), CertificateKind.OWN, actor=actor)


def renew_identity(aims: Aims, *, actor: Actor) -> SigningIdentity:
    """Sign with a new certificate of Assay's making from now on: where a key is lost or stolen, or an own one ends."""
    _only_administrators(actor)
    return _replace(made_for(aims.organisation, clock.now()), CertificateKind.MADE, actor=actor)


def _only_administrators(actor: Actor) -> None:
    require(may_replace(actor), _("The certificate is replaced by an administrator."))


@sensitive_variables("pair")
@transaction.atomic
def _replace(pair: Pair, kind: CertificateKind, *, actor: Actor) -> SigningIdentity:
    Aims.objects.select_for_update().get(pk=current_aims_id())
    return put_in_force(pair, kind, REPLACED, actor=actor)
