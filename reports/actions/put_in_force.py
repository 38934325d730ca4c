"""Put a certificate in force: what both making and replacing one come to."""

from django.views.decorators.debug import sensitive_variables

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.sealed import seal
from aims.numbering import next_code
from ledger.actions import record
from ledger.change import Change
from ledger.events import Event
from reports.certificates import Pair
from reports.models import CertificateKind, SigningIdentity, SigningKey
from reports.signatory import in_force, purpose_of


@sensitive_variables("pair")
def put_in_force(pair: Pair, kind: CertificateKind, event: Event, *, actor: Actor) -> SigningIdentity:
    """End the certificate before, whose private key is deleted, and write the new one down; the AIMS is locked."""
    before = in_force()
    if before:
        Change.of(before, replaced_at=clock.now()).save(actor=actor)
        SigningKey.objects.filter(identity=before).delete()
    row = _row_of(pair, kind)
    change = Change.new(row)
    if before:
        change.before = {"name": before.name, "fingerprint_sha256": before.fingerprint_sha256}
    change.save(actor=actor)
    sealed = seal(pair.key_der, purpose_of(pair.fingerprint))
    SigningKey(aims_id=row.aims_id, identity=row, sealed=sealed).save(force_insert=True)
    record(event, row, actor=actor, change=change, after_hash=pair.fingerprint)
    return row


def _row_of(pair: Pair, kind: CertificateKind) -> SigningIdentity:
    certificate = pair.certificate
    return SigningIdentity(
        aims_id=current_aims_id(),
        code=next_code("CERT", width=2),
        kind=kind,
        name=pair.name[:200],
        chain=pair.chain_pem,
        subject=pair.subject,
        issuer=pair.issuer,
        serial=f"{certificate.serial_number:x}",
        fingerprint_sha256=pair.fingerprint,
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
        made_at=clock.now(),
    )
