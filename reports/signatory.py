"""Who signs reports now, and their opened key: taken within the tenant, used outside transactions."""

from dataclasses import dataclass, field

from accounts.sealed import unseal
from reports.models import SigningIdentity, SigningKey


@dataclass(frozen=True, slots=True)
class Signatory:
    """A certificate with its chain (PEM, the signer's own first) and its private key (PKCS #8, DER)."""

    pk: int
    name: str
    fingerprint: str
    chain: str
    key: bytes = field(repr=False)


def in_force() -> SigningIdentity | None:
    """Return the certificate that signs the next report, if one was made yet."""
    return SigningIdentity.objects.filter(replaced_at__isnull=True).first()


def signatory_of(identity: SigningIdentity) -> Signatory:
    """Open the private key of the certificate in force; raises CannotUnseal."""
    sealed = bytes(SigningKey.objects.get(identity=identity).sealed)
    key = unseal(sealed, purpose_of(identity.fingerprint_sha256))
    return Signatory(identity.pk, identity.name, identity.fingerprint_sha256, identity.chain, key)


def purpose_of(fingerprint: str) -> str:
    """A sealed key opens for its own certificate only."""
    return f"private key of certificate {fingerprint}"
