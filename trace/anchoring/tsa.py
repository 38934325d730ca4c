"""Have a timestamp service confirm that some bytes exist, and verify its token (RFC 3161).

Importing this takes a tenth of a second; only the job that asks imports it.
"""

import ssl
import warnings
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from trace.anchoring.fetching import NoAnswer, posted
from trace.anchoring.stamp import Stamp

QUERY = "application/timestamp-query"


def stamped(data: bytes, url: str, authorities: str = "") -> Stamp:
    """Return the service's verified token over SHA-256 of the bytes; raises NoAnswer.

    Its certificate has to lead to one of those in the file `authorities`. Without a file it has to lead to the root
    that came with the token, or to one that this machine trusts where none came: the token is then whole, and whom to
    trust is for its reader.
    """
    request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    answer = posted(url, request.as_bytes(), QUERY)
    try:
        response = decode_timestamp_response(answer)
        _see_that_it_was_granted(response, url)
        return _verified(request, response, sha256(data).digest(), authorities)
    except NoAnswer:
        raise
    except VerificationError as error:
        raise NoAnswer(f"The timestamp does not hold: {error}.") from error
    except Exception as error:  # what a stranger sent is parsed here
        raise NoAnswer(f"The answer is no timestamp: {error}.") from error


def _see_that_it_was_granted(response: TimeStampResponse, url: str) -> None:
    if response.status != PKIStatus.GRANTED:
        why = " ".join(response.status_string) or "no reason given"
        raise NoAnswer(f"{urlsplit(url).hostname} refused: {why}.")


def _verified(request: TimeStampRequest, response: TimeStampResponse, digest: bytes, authorities: str) -> Stamp:
    came = [x509.load_der_x509_certificate(der) for der in response.signed_data.certificates]
    roots = _named(authorities) if authorities else list(filter(_is_root, came)) or _trusted()
    verifier = VerifierBuilder(roots=roots, nonce=request.nonce).build()
    verifier.verify(response, digest)
    return Stamp(response.time_stamp_token(), response.tst_info.gen_time, _signer(response, came))


def _named(authorities: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(Path(authorities).read_bytes())
    except (OSError, ValueError) as error:
        raise NoAnswer(f"TIMESTAMP_CA names {authorities}, where no certificates can be read.") from error


def _is_root(certificate: x509.Certificate) -> bool:
    return certificate.issuer == certificate.subject


def _trusted() -> list[x509.Certificate]:
    """What this machine trusts; some of it is old and oddly made, which is no news here."""
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for der in ssl.create_default_context().get_ca_certs(binary_form=True):
            with suppress(ValueError):
                found.append(x509.load_der_x509_certificate(der))
    if not found:
        raise NoAnswer("This machine trusts nobody: name the certificate of the service's authority in TIMESTAMP_CA.")
    return found


def _signer(response: TimeStampResponse, came: list[x509.Certificate]) -> str:
    [signer] = response.signed_data.signer_infos
    for certificate in came:
        if (certificate.issuer, certificate.serial_number) == (signer.issuer, signer.serial_number):
            names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            return str(names[0].value) if names else certificate.subject.rfc4514_string()
    return ""
