"""Files on their way in and out, over real requests: limits leave no residue, and serving is safe."""

import errno
import os
import resource
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from evidence.models import Evidence, EvidenceVersion, File, Read
from evidence.serving import SAFE_TYPES
from tests.evidence.make import PDF, a_version, a_zip, an_evidence, an_upload, files_on_disk
from tests.make import a_member, an_organisation, signed_in, trace_of

HX = {"HX-Request": "true"}


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)


def upload_to(aims: Aims) -> str:
    return reverse("evidence:upload", args=[aims.slug])


def test_the_upload_page_offers_everything(aims: Aims, browser: Client) -> None:
    page = browser.get(upload_to(aims) + "?serves=A.2.2").content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert 'value="A.2.2" checked' in page
    assert "Up to 50 MB each" in page


def test_several_files_become_one_item(aims: Aims, officer: Actor, browser: Client) -> None:
    said = {
        "files": [an_upload("a.pdf"), an_upload("b.csv", b"x,y\n")],
        "title": "Test run",
        "kind": "record",
        "items": "one",
        "requirements": ["A.6.2.4", "9.1"],
        "renew_by": "2027-01-01",
        "owner": officer.user_id,
    }
    answer = browser.post(upload_to(aims), said)
    item = Evidence.objects.get()
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"/evidence/{item.code}/")
    assert sorted(item.versions.get().files.values_list("name", flat=True)) == ["a.pdf", "b.csv"]
    assert item.links.count() == 2
    assert trace_of(item.ref) == ["evidence.given"]
    assert len(files_on_disk()) == 2


def test_or_an_item_each(aims: Aims, browser: Client) -> None:
    said = {"files": [an_upload("a.pdf"), an_upload("b.pdf", b"%PDF-b")], "kind": "document", "items": "each"}
    answer = browser.post(upload_to(aims), said, headers=HX)
    assert answer["HX-Redirect"] == reverse("evidence:list", args=[aims.slug])
    assert sorted(Evidence.objects.values_list("title", flat=True)) == ["a", "b"]


def test_the_same_bytes_twice_are_two_items_and_one_file_on_disk(aims: Aims, browser: Client) -> None:
    for title in ("First", "Second"):
        browser.post(upload_to(aims), {"files": an_upload(), "title": title, "kind": "document"})
    assert Evidence.objects.count() == File.objects.count() == 2
    assert len(files_on_disk()) == 1


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ({"link": "https://example.org/report"}, "link"),
        ({"note": "Seen on site"}, "note"),
        ({"result": "accuracy: 0.92\nsamples: 400"}, "result"),
        ({"result": '{"accuracy": 0.92}'}, "result"),
    ],
)
def test_other_forms_of_evidence(aims: Aims, browser: Client, said: dict[str, str], form: str) -> None:
    assert browser.post(upload_to(aims), said | {"title": "It", "kind": "record"}).status_code == 302
    assert Evidence.objects.get().form == form


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"note": "words"},
        {"note": "words", "title": "x" * 201},
        {"link": "javascript:alert(1)", "title": "It"},
        {"result": "no colon", "title": "It"},
        {"result": "{broken", "title": "It"},
        {"result": '{"a": NaN}', "title": "It"},
        {"result": "{" * 5_000, "title": "It"},
        {"note": "words", "title": "It", "made_on": "2999-01-01"},
        {"note": "words", "title": "It", "covers_from": "not a date"},
        {"note": "words", "title": "It", "kind": "poem"},
        {"note": "words", "title": "It", "requirements": ["A.99"]},
        {"note": "words", "title": "It", "requirements": ["A.2"]},
        {"note": "words", "title": "It", "owner": "999999"},
        {"note": "words", "title": "It", "items": "many"},
    ],
)
def test_unusable_input_is_refused_in_place(aims: Aims, browser: Client, said: dict[str, Any]) -> None:
    answer = browser.post(upload_to(aims), {"kind": "document"} | said)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "There is a problem" in page
    assert 'class="field-error"' in page
    assert not Evidence.objects.exists()
    fragment = browser.post(upload_to(aims), {"kind": "document"} | said, headers=HX)
    assert fragment.status_code == 422
    assert fragment.content.decode().strip().startswith("<form")


def test_a_person_of_another_organisation_is_no_owner(aims: Aims, browser: Client) -> None:
    _other, stranger = an_organisation()
    said = {"note": "words", "title": "It", "kind": "record", "owner": stranger.user_id}
    assert browser.post(upload_to(aims), said).status_code == 422


def test_a_file_over_the_limit_is_413_and_leaves_nothing(aims: Aims, browser: Client, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 200_000
    said = {"files": [an_upload("small.pdf"), an_upload("big.pdf", b"x" * 200_001)], "title": "Kept words"}
    answer = browser.post(upload_to(aims), said | {"kind": "record", "requirements": ["A.2.2"]})
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "may have up to 195 KB" in page
    assert "Kept words" in page
    assert 'value="A.2.2" checked' in page
    assert files_on_disk() == []
    assert not Evidence.objects.exists()


def test_too_many_files_are_refused(aims: Aims, browser: Client, settings: Any) -> None:
    settings.EVIDENCE_MAX_FILES = 2
    files = [an_upload(f"{number}.pdf", b"%PDF" + bytes([number])) for number in range(3)]
    answer = browser.post(upload_to(aims), {"files": files, "kind": "record", "items": "each"})
    assert answer.status_code == 422
    assert "at most 2 files" in answer.content.decode()
    assert files_on_disk() == []


def test_an_upload_that_is_far_too_large_is_not_even_read(aims: Aims, browser: Client, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES, settings.EVIDENCE_MAX_FILES = 1_000, 2

    def said() -> dict[str, Any]:
        return {"files": an_upload("big.pdf", b"x" * 1_100_000), "title": "Big"}

    answer = browser.post(upload_to(aims), said())
    assert answer.status_code == 413
    assert "up to 2 files" in answer.content.decode()
    fragment = browser.post(upload_to(aims), said(), headers=HX)
    assert (fragment.status_code, fragment["HX-Retarget"]) == (413, "#upload-problem")
    assert "<html" not in fragment.content.decode()
    assert files_on_disk() == []


@pytest.mark.parametrize("size", [400_000, 5_000_000])
def test_a_disk_that_really_takes_no_more_is_507(aims: Aims, browser: Client, size: int) -> None:
    """The kernel refuses to write past a limit, as a full disk does: in the last piece, or in the midst of many."""
    browser.get(upload_to(aims))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
    try:
        answer = browser.post(upload_to(aims), {"files": an_upload(data=b"x" * size), "title": "It", "kind": "record"})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert answer.status_code == 507
    assert files_on_disk() == []
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{f"f{number}": "x" for number in range(2_001)}, {"title": "x" * 3_000_000}],
    ids=["too many fields", "a field too long"],
)
def test_a_form_without_measure_is_refused_and_leaves_nothing(
    aims: Aims, browser: Client, fields: dict[str, str]
) -> None:
    for place in (upload_to(aims), reverse("api:evidence-list", args=[aims.slug])):
        answer = browser.post(place, {"files": an_upload(), **fields})
        assert answer.status_code in (400, 413)
        assert files_on_disk() == []
    assert not Evidence.objects.exists()


DISGUISED = {
    "page.pdf": b"<html>%PDF-1.7<script>alert(1)</script></html>",
    "picture.png": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "drawing.svg": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "logo.gif": b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)",
    "both.pdf": PDF + a_zip(a__txt=b"words"),
    "mail.eml": b"Content-Type: text/html\r\n\r\n<script>alert(1)</script>",
    "note.txt": b"<script>alert(1)</script>",
    "style.xml": b"<?xml version='1.0'?><?xml-stylesheet href='//evil'?><html xmlns='http://www.w3.org/1999/xhtml'/>",
}


@pytest.mark.parametrize("name", sorted(DISGUISED))
def test_no_disguise_runs_in_a_browser(aims: Aims, officer: Actor, browser: Client, name: str) -> None:
    """Whatever the bytes pretend to be, they leave as a file under a type that no browser runs."""
    item = an_evidence(actor=officer, name=name, data=DISGUISED[name])
    answer = browser.get(download_of(aims, item))
    assert answer["Content-Type"] in {"application/octet-stream", *SAFE_TYPES}
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == (
        "nosniff",
        "sandbox; default-src 'none'",
    )
    assert Read.objects.count() == 1


def test_a_full_disk_is_507_and_leaves_nothing(aims: Aims, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    answer = browser.post(upload_to(aims), {"files": an_upload(), "title": "It", "kind": "record"})
    monkeypatch.undo()
    assert answer.status_code == 507
    assert "disk of this installation is full" in answer.content.decode()
    assert files_on_disk() == []
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [("empty.pdf", b"", "empty"), ("bomb.docx", a_zip(a__xml=b"\0" * 20_000_000), "would grow")],
)
def test_hostile_files_are_refused_beside_the_field(
    aims: Aims, browser: Client, name: str, data: bytes, words: str
) -> None:
    answer = browser.post(upload_to(aims), {"files": an_upload(name, data), "title": "It", "kind": "record"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert files_on_disk() == []
    assert not Evidence.objects.exists()


def test_an_upload_cut_short_leaves_nothing(aims: Aims, browser: Client) -> None:
    body = b'--cut\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n' + b"x" * 100_000
    answer = browser.post(upload_to(aims), body, content_type="multipart/form-data; boundary=cut")
    assert answer.status_code == 422
    assert files_on_disk() == []


def test_a_forged_request_stores_nothing(aims: Aims, officer: Actor) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(officer).cookies
    answer = strict.post(upload_to(aims), {"files": an_upload(), "title": "Forged", "kind": "record"})
    assert answer.status_code == 403
    assert files_on_disk() == []
    page = strict.get(upload_to(aims))
    token = page.context["csrf_token"]
    said = {"csrfmiddlewaretoken": str(token), "files": an_upload(), "title": "Mine", "kind": "record"}
    assert strict.post(upload_to(aims), said).status_code == 302


def test_who_may_not_give_stores_nothing(aims: Aims, officer: Actor) -> None:
    reader = signed_in(a_member(aims, Role.AUDITOR, by=officer))
    answer = reader.post(upload_to(aims), {"files": an_upload(), "title": "It", "kind": "record"})
    assert answer.status_code == 403
    assert files_on_disk() == []


def test_a_new_version_over_the_wire(aims: Aims, officer: Actor, browser: Client) -> None:
    item = an_evidence(actor=officer)
    url = reverse("evidence:renew", args=[aims.slug, item.code])
    assert "Version 1 and older stay as they are" in browser.get(url).content.decode()
    assert browser.post(url, {"files": an_upload(data=b"%PDF-2")}).status_code == 422
    assert item.versions.count() == 1
    assert browser.post(url, {"files": an_upload(data=b"%PDF-2"), "change_note": "Round 2"}).status_code == 302
    assert list(item.versions.values_list("number", "change_note")) == [(1, ""), (2, "Round 2")]
    assert len(files_on_disk()) == 2


def download_of(aims: Aims, item: Evidence, version: EvidenceVersion | None = None) -> str:
    version = version or item.versions.get()
    return reverse("evidence:download", args=[aims.slug, item.code, version.number, version.files.get().pk])


def bytes_of(client: Client, url: str) -> bytes:
    answer: Any = client.get(url)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    ("name", "data", "served_as"),
    [
        ("report.pdf", PDF, "application/pdf"),
        ("page.pdf", b"<html><script>alert(1)</script></html>", "application/octet-stream"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "application/octet-stream"),
    ],
)
def test_whatever_it_is_it_is_served_harmlessly(
    aims: Aims, officer: Actor, browser: Client, name: str, data: bytes, served_as: str
) -> None:
    item = an_evidence(actor=officer, name=name, data=data)
    assert bytes_of(browser, download_of(aims, item)) == data
    answer = browser.get(download_of(aims, item))
    assert answer["Content-Type"] == served_as
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ['quo"te; filename=evil.html.pdf', "Prüfbericht Ω.pdf", "back\\slash.pdf"])
def test_no_name_breaks_out_of_its_header(aims: Aims, officer: Actor, browser: Client, name: str) -> None:
    item = an_evidence(actor=officer, name=name)
    header = browser.get(download_of(aims, item))["Content-Disposition"]
    assert header.isascii()
    assert header.startswith("attachment; filename")
    assert "\r" not in header
    if not name.isascii():
        assert "filename*=utf-8''Pr%C3%BCfbericht%20%CE%A9.pdf" in header


def test_every_download_is_noted_and_shown(aims: Aims, officer: Actor, browser: Client) -> None:
    item = an_evidence(actor=officer)
    certifier = a_member(aims, Role.REVIEWER, by=officer, name="Carla Certifier")
    assert bytes_of(signed_in(certifier), download_of(aims, item)) == PDF
    assert Read.objects.get().user_id == certifier.user_id
    page = browser.get(reverse("evidence:detail", args=[aims.slug, item.code])).content.decode()
    assert "Carla Certifier" in page


def test_a_file_answers_only_under_its_own_item_and_version(aims: Aims, officer: Actor, browser: Client) -> None:
    item, other = an_evidence(actor=officer), an_evidence(actor=officer, data=b"%PDF-other")
    second = a_version(item, actor=officer)
    mine, theirs = item.versions.get(number=1).files.get().pk, other.versions.get().files.get().pk

    def status(code: str, number: int, file: int) -> int:
        return browser.get(reverse("evidence:download", args=[aims.slug, code, number, file])).status_code

    assert status(item.code, 1, mine) == 200
    assert status(item.code, 2, second.files.get().pk) == 200
    for wrong in ((item.code, 1, theirs), (item.code, 2, mine), (other.code, 1, mine), ("EV-999", 1, mine)):
        assert status(*wrong) == 404
    assert Read.objects.count() == 2


@pytest.mark.parametrize("harm", ["missing", "changed"])
def test_bytes_that_are_gone_or_changed_are_410(aims: Aims, officer: Actor, browser: Client, harm: str) -> None:
    item = an_evidence(actor=officer)
    (path,) = files_on_disk()
    path.chmod(0o600)
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(b"x" * len(PDF))
    answer = browser.get(download_of(aims, item))
    assert answer.status_code == 410
    assert item.versions.get().files.get().sha256 in answer.content.decode()
    assert not Read.objects.exists()


def test_no_stored_byte_lies_where_the_web_serves(aims: Aims, officer: Actor) -> None:
    an_evidence(actor=officer)
    served = [django_settings.STATIC_ROOT, *django_settings.STATICFILES_DIRS]
    assert all(not path.is_relative_to(folder) for path in files_on_disk() for folder in served)


def test_a_length_that_is_no_number_is_harmless(aims: Aims, browser: Client) -> None:
    answer = browser.post(upload_to(aims), {"note": "x", "kind": "record"}, CONTENT_LENGTH="many")
    assert answer.status_code == 422
    assert not Evidence.objects.exists()
