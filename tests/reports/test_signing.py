"""The signature in the PDF, as readers' programs find it, and what is left of PDF/A-3a."""

import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pikepdf import pdfa

from reports.certificates import Pair, brought
from reports.signatory import Signatory
from reports.signing import NoTimestamp, signed
from tests.reports.certify import (
    NOW,
    PASSWORD,
    a_certificate,
    a_key,
    a_signatory,
    needs_pdfsig,
    needs_qpdf,
    pdfsig,
    pkcs12,
    signature_in,
    signer_of,
)
from tests.reports.pdf import made, read
from tests.reports.tsa import a_timestamp_service

ROOT = Path(__file__).resolve().parent.parent.parent
AT = datetime(2026, 3, 14, 10, 20, tzinfo=UTC)
STAMPED = datetime(2026, 3, 14, 10, 21, tzinfo=UTC)
REASON = "Statement of Applicability, version 3, complete edition"
SIGNATORY = a_signatory()
EDITIONS = ("full", "customer")


def sign(kind: str = "full", signatory: Signatory = SIGNATORY, **more: Any) -> bytes:
    """One of the sample reports, signed."""
    return signed(made(kind).pdf, signatory, at=AT, reason=REASON, **more)


def of(pair: Pair) -> Signatory:
    """Who signs with a pair of key and certificate."""
    return Signatory(1, pair.name, pair.fingerprint, pair.chain_pem, pair.key_der)


@pytest.fixture(scope="module", params=EDITIONS)
def report(request: pytest.FixtureRequest) -> bytes:
    """Each edition, signed."""
    return sign(request.param)


@needs_pdfsig
def test_the_signature_is_valid_and_covers_the_whole_document(report: bytes, tmp_path: Path) -> None:
    """As Poppler verifies it; the issuer of a self-made certificate is unknown, and nothing else is wrong."""
    said = pdfsig(report, tmp_path)
    assert "Signature #2" not in said
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "Certificate issuer is unknown." in said
    assert "CN=Meridian Assist Ltd (Assay),O=Meridian Assist Ltd" in said
    assert "ETSI.CAdES.detached" in said
    assert "SHA-256" in said
    assert "Mar 14 2026" in said


@needs_qpdf
def test_the_file_is_sound(report: bytes, tmp_path: Path) -> None:
    """Without a warning."""
    (tmp_path / "report.pdf").write_bytes(report)
    done = subprocess.run(["qpdf", "--check", tmp_path / "report.pdf"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "No syntax or stream encoding errors" in done.stdout


@needs_pdfsig
@pytest.mark.parametrize("part", [0.001, 0.3, 0.7, 0.999])
def test_one_byte_changed_is_noticed(tmp_path: Path, part: float) -> None:
    """In the pages as in the signed tail."""
    data = bytearray(sign("customer"))
    hole = data.rindex(b"/Contents <")
    at = int(hole * part)
    data[at] ^= 1
    assert "Signature is Valid." not in pdfsig(bytes(data), tmp_path)


@needs_pdfsig
def test_what_is_added_later_is_noticed(tmp_path: Path) -> None:
    """An update after the signature leaves it valid for its part, and no longer for the whole."""
    assert "Not total document signed" in pdfsig(sign("customer") + b"% added\n", tmp_path)


def test_another_key_has_another_fingerprint() -> None:
    """So a report swapped for one of somebody else's is told apart, however valid."""
    other = a_signatory("Meridian Assist Ltd")
    assert signer_of(sign("customer")) == SIGNATORY.fingerprint
    assert signer_of(sign("customer", other)) == other.fingerprint != SIGNATORY.fingerprint


def test_what_was_laid_out_stays_byte_for_byte(report: bytes) -> None:
    """The signature is added behind it; title, dates and PDF/A identification are those of the content."""
    kind = next(kind for kind in EDITIONS if report.startswith(made(kind).pdf))
    before, after = read(made(kind).pdf), read(report)
    assert (before.text, before.metadata) == (after.text, after.metadata)
    with pikepdf.open(BytesIO(made(kind).pdf)) as plain, pikepdf.open(BytesIO(report)) as pdf:
        assert pdf.docinfo == plain.docinfo
        assert pdf.pdf_version == "1.7"
        assert "/Version" not in pdf.Root


def test_it_is_pdf_a_3a_still(report: bytes) -> None:
    """Identification, marks, structure and language; a validator that knows no forms finds nothing but letter A."""
    found = read(report)
    assert 'pdfaid:part="3"' in found.metadata
    assert 'pdfaid:conformance="A"' in found.metadata
    assert found.is_tagged
    with pikepdf.open(BytesIO(report)) as pdf:
        assert pdf.Root.StructTreeRoot.K[0].S == "/Document"
        assert pdf.Root.Lang == "en-GB"
        del pdf.Root["/AcroForm"], pdf.Root["/Perms"], pdf.pages[-1]["/Annots"]
        violations = pdfa.check(pdf, "3b").violations
    assert [finding.rule for finding in violations] == ["ISO_19005_3:6.6.4-3"]


def test_the_field_shows_nothing_and_breaks_no_rule_of_pdf_a(report: bytes) -> None:
    """Printed and locked, never hidden; no size and so no picture; no script, no action."""
    with pikepdf.open(BytesIO(report)) as pdf:
        form = pdf.Root.AcroForm
        assert (len(form.Fields), form.SigFlags) == (1, 3)
        assert not {"/NeedAppearances", "/XFA"} & set(form.keys())
        field = form.Fields[0]
        assert (int(field.F), [int(side) for side in field.Rect]) == (0b10000100, [0, 0, 0, 0])
        assert not {"/A", "/AA", "/AP"} & set(field.keys())
        assert str(field.TU) == "Signed by Meridian Assist Ltd (Assay)"
        assert field.P.objgen == pdf.pages[-1].objgen
        assert [annotation.objgen for annotation in pdf.pages[-1].Annots][-1] == field.objgen
        assert pdf.pages[-1].Tabs == "/S"


def test_the_field_has_its_place_in_the_structure(report: bytes) -> None:
    """Both ways: the tree names the field, and the field its place in the tree."""
    with pikepdf.open(BytesIO(report)) as pdf:
        field = pdf.Root.AcroForm.Fields[0]
        tree = pdf.Root.StructTreeRoot
        numbers = list(tree.ParentTree.Nums)
        places = [int(number) for number in numbers[::2]]
        assert places == sorted(set(places))
        form = numbers[2 * places.index(int(field.StructParent)) + 1]
        assert (form.S, form.P.objgen) == ("/Form", tree.K[0].objgen)
        assert (form.K[0].Type, form.K[0].Obj.objgen) == ("/OBJR", field.objgen)
        assert tree.K[0].K[-1].objgen == form.objgen


def test_it_certifies_that_nothing_may_change(report: bytes) -> None:
    """DocMDP level 1, and the signature dictionary as PDF/A-3 wants it."""
    with pikepdf.open(BytesIO(report)) as pdf:
        assert list(pdf.Root.Perms.keys()) == ["/DocMDP"]
        signature = pdf.Root.Perms.DocMDP
        assert signature.objgen == pdf.Root.AcroForm.Fields[0].V.objgen
        [reference] = signature.Reference
        assert (reference.TransformMethod, reference.TransformParams.P) == ("/DocMDP", 1)
        assert not {"/DigestLocation", "/DigestMethod", "/DigestValue"} & set(reference.keys())
        assert str(signature.Reason) == REASON
        assert str(signature.M) == "D:20260314102000Z"
        first, size, last, rest = (int(number) for number in signature.ByteRange)
    assert (first, last + rest) == (0, len(report))
    assert report[size:last].strip(b"<>0123456789abcdefABCDEF") == b""


def test_the_attributes_are_those_of_pades() -> None:
    """The signing certificate is signed itself, and no time that only the signer claims stands among them."""
    [signer] = signature_in(sign("customer"))["signer_infos"]
    names = {attribute["type"].native for attribute in signer["signed_attrs"]}
    assert "signing_certificate_v2" in names
    assert "signing_time" not in names
    assert signer["digest_algorithm"]["algorithm"].native == "sha256"


def test_a_web_server_starts_without_what_signs() -> None:
    """Importing it takes a quarter of a second, and no page needs it."""
    told = "import sys, config.wsgi, config.urls; print(sorted({'pyhanko', 'aiohttp'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


@needs_pdfsig
@pytest.mark.parametrize("kind", ["P-256", "P-521", "RSA-2048"])
def test_an_own_certificate_signs_with_its_chain(tmp_path: Path, kind: str) -> None:
    """RSA and elliptic curves, and the version of the PDF stays that of PDF/A-3."""
    key: Any = {"P-256": a_key(), "P-521": a_key(ec.SECP521R1())}.get(kind) or rsa.generate_private_key(65537, 2048)
    root_key = a_key()
    root = a_certificate(root_key, "A known authority")
    data = pkcs12(key, a_certificate(key, by=(root, root_key)), root)
    report = sign("customer", of(brought(data, PASSWORD, NOW)))
    assert "Signature is Valid." in pdfsig(report, tmp_path)
    assert len(signature_in(report)["certificates"]) == 2
    with pikepdf.open(BytesIO(report)) as pdf:
        assert "/Version" not in pdf.Root


@needs_pdfsig
def test_a_timestamp_service_confirms_when(tmp_path: Path) -> None:
    """Its stamp is of the signature, which stays valid."""
    with a_timestamp_service(STAMPED) as url:
        report = sign("customer", timestamp_url=url)
    [signer] = signature_in(report)["signer_infos"]
    [token] = [item for item in signer["unsigned_attrs"] if item["type"].native == "signature_time_stamp_token"]
    told: tsp.TSTInfo = token["values"][0]["content"]["encap_content_info"]["content"].parsed
    assert told["gen_time"].native == STAMPED
    assert "Signature is Valid." in pdfsig(report, tmp_path)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("other", "of something else"),
        ("nonce", "hex"),
        ("garbage", "Insufficient data|Error parsing"),
        ("status", "malformed"),
        ("kind", "malformed"),
        ("refused", "refused|time_stamp_token"),
    ],
)
def test_a_service_that_answers_wrongly_gives_no_stamp(fault: str, message: str) -> None:
    """And one kind of failure, whatever was wrong."""
    with a_timestamp_service(STAMPED, fault) as url, pytest.raises(NoTimestamp, match=message):
        sign("customer", timestamp_url=url)


def test_a_service_that_is_away_gives_no_stamp() -> None:
    """Nothing listens there."""
    with a_timestamp_service(STAMPED) as url:
        pass
    with pytest.raises(NoTimestamp):
        sign("customer", timestamp_url=url)
