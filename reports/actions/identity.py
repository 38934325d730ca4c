"""Have the certificate that signs reports: made on first use, and again when a made one has ended."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal
from aims.models import Aims
from reports.actions.put_in_force import put_in_force
from reports.certificates import Pair, made_for
from reports.events import MADE
from reports.models import CertificateKind, SigningIdentity
from reports.paper.words import long_day
from reports.signatory import in_force


class CertificateEnded(Refusal):
    """The organisation's own certificate has expired, and nobody but the organisation can renew it."""


def signing_identity(aims: Aims, *, actor: Actor) -> SigningIdentity:
    """Return the certificate in force, making one where there is none or a made one has ended.

    Raises CertificateEnded for an own one that has ended. Two first uses at once end with one certificate.
    """
    return _still_good(in_force()) or _make(aims, made_for(aims.organisation, clock.now()), actor=actor)


@transaction.atomic
def _make(aims: Aims, pair: Pair, *, actor: Actor) -> SigningIdentity:
    """Look again under the lock: whoever comes second takes the first one's."""
    Aims.objects.select_for_update().get(pk=aims.pk)
    return _still_good(in_force()) or put_in_force(pair, CertificateKind.MADE, MADE, actor=actor)


def _still_good(identity: SigningIdentity | None) -> SigningIdentity | None:
    if identity is None or identity.valid_until > clock.now():
        return identity
    if identity.kind == CertificateKind.OWN:
        given = {"name": identity.name, "day": long_day(identity.valid_until)}
        raise CertificateEnded(
            _(
                "The organisation's certificate “%(name)s” expired on %(day)s, so no report can be signed. "
                "An administrator puts a new one in force: Reports, Certificate."
            )
            % given
        )
    return None
