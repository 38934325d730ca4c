"""The signature in a report's PDF: PAdES-B, invisible, over the whole file, so that PDF/A-3a stays what it is.

Importing this takes a quarter of a second; only who signs imports it, and then while the pages are laid out.
"""

from datetime import datetime
from io import BytesIO
from typing import Any, cast

from asn1crypto import cms, keys, pem, x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reports.signatory import Signatory

FIELD = "Signature"
DIGEST = "sha256"
PATIENCE = 10
MALFORMED = (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError)


class NoTimestamp(Exception):
    """The timestamp service did not answer, or not as RFC 3161 asks."""


def signed(pdf: bytes, signatory: Signatory, *, at: datetime, reason: str, timestamp_url: str = "") -> bytes:
    """Return the PDF with a certifying signature that allows no change; raises NoTimestamp when a URL is given."""
    writer = _Writer(BytesIO(pdf))
    _add_field(writer, signatory.name)
    details = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        reason=reason,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    stamper = _Stamper(timestamp_url) if timestamp_url else None
    signer = _Signer(details, _key_of(signatory), timestamper=stamper, at=at)
    result: BytesIO = signer.sign_pdf(writer, existing_fields_only=True)
    return result.getvalue()


def _key_of(signatory: Signatory) -> SimpleSigner:
    chain = [
        x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(signatory.chain.encode(), multiple=True)
    ]
    return _Key(chain[0], keys.PrivateKeyInfo.load(signatory.key), SimpleCertificateStore.from_certs(chain[1:]))


class _Key(SimpleSigner):
    """Opens an RSA key without proving its primes once more, which takes a tenth of a second each time."""

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        how = self.get_signature_mechanism_for_digest(digest_algorithm).signature_algo
        if how != "rsassa_pkcs1v15":
            return bytes(super().sign_raw(data, digest_algorithm))
        key = load_der_private_key(self.signing_key.dump(), None, unsafe_skip_rsa_key_validation=True)
        return cast(RSAPrivateKey, key).sign(data, PKCS1v15(), SHA256())


class _Writer(IncrementalPdfFileWriter):
    """Leaves title, dates and PDF/A identification as they are: what they tell is of the content."""

    def _update_meta(self) -> None:
        pass


class _Signer(PdfSigner):
    """Signs at the instant given, and never raises the PDF's version: PDF/A-3 is PDF 1.7."""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session

    def register_extensions(self, pdf_out: Any, *, md_algorithm: str) -> None:
        pdf_out.register_extension(ESIC_EXTENSION_1)


class _Stamper(RequestsHTTPTimeStamper):
    """Fails in one way only, and takes no stamp of anything else."""

    def __init__(self, url: str) -> None:
        super().__init__(url, timeout=PATIENCE)  # type: ignore[no-untyped-call]

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            about = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
            is_ours = about["hashed_message"].native == message_digest
        except (OSError, *MALFORMED) as error:
            raise NoTimestamp(str(error)) from error
        if not is_ours:
            raise NoTimestamp("The timestamp is of something else.")
        return token


def _add_field(writer: IncrementalPdfFileWriter, name: str) -> None:
    """Put the field on the last page, without size or appearance: nothing shows, and PDF/A asks for no picture."""
    append_signature_field(writer, SigFieldSpec(FIELD, on_page=-1, readable_field_name=f"Signed by {name}"))
    [widget] = writer.root["/AcroForm"].raw_get("/Fields")
    _tag(writer, widget)


def _tag(writer: IncrementalPdfFileWriter, widget: generic.IndirectObject) -> None:
    """Give the field its place at the end of the structure: in a tagged PDF every annotation has one."""
    field = widget.get_object()
    root = writer.root["/StructTreeRoot"]
    numbers, children = root["/ParentTree"]["/Nums"], root["/K"][0]["/K"]
    page = field.raw_get("/P")
    link = _dictionary(Type=pdf_name("/OBJR"), Obj=widget, Pg=page)
    parts = {"Type": pdf_name("/StructElem"), "S": pdf_name("/Form"), "P": root["/K"].raw_get(0), "Pg": page}
    form = writer.add_object(_dictionary(**parts, K=generic.ArrayObject([link])))
    place = generic.NumberObject(int(numbers[-2]) + 1)
    field[pdf_name("/StructParent")] = place
    numbers.extend([place, form])
    children.append(form)
    writer.update_container(numbers)
    writer.update_container(children)


def _dictionary(**entries: generic.PdfObject) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{name}"): value for name, value in entries.items()})
