"""Import and export in the browser: seen first, then taken, by those who may; what leaves comes back the same."""

import io
import re
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from systems.models import AiSystem
from tests.make import a_member, signed_in
from tests.systems.make import a_system
from tests.systems.sync.make import text_of

TABLE = b"System name,Zweck,Colour,Colour\nRanker,Ranks,red,\n,Nothing,,\n"


def put(client: Client, aims: Aims, name: str, data: bytes) -> tuple[int, str, str]:
    """Upload a file; return the status, the page and the name it is kept under."""
    answer = client.post(f"/a/{aims.slug}/systems/files/", {"file": SimpleUploadedFile(name, data)})
    page = answer.content.decode()
    found = re.search(r'name="token" value="([^"]+)"', page)
    return answer.status_code, page, found[1] if found else ""


def test_a_register_is_shown_first_and_then_taken(aims: Aims, officer: Actor) -> None:
    client, here = signed_in(officer), f"/a/{aims.slug}/systems/files/"
    status, page, token = put(client, aims, "register.csv", TABLE)
    assert (status, AiSystem.objects.count()) == (200, 0)
    assert "There is no name in this row." in page
    assert re.search(r'<option value="classification.purpose" selected>', page)
    columns = {"column-0": "name", "column-1": "description", "column-2": "", "column-3": "unit"}
    assert "description" in client.post(here, {"token": token} | columns).content.decode()
    assert client.post(here, {"token": token, "take": "1"} | columns).status_code == 302
    assert AiSystem.objects.get().record == {
        "id": "ranker",
        "name": "Ranker",
        "description": "Ranks",
        "register": {"Colour": "red"},
    }
    assert "choose it again" in client.post(here, {"token": token}, follow=True).content.decode().lower()


def test_columns_that_do_not_fit_can_be_said_otherwise(aims: Aims, officer: Actor) -> None:
    client, here = signed_in(officer), f"/a/{aims.slug}/systems/files/"
    status, page, token = put(client, aims, "odd.csv", b"Was,Wieviel\nRanker,3\n")
    assert status == 422
    assert "Say which one" in page
    answer = client.post(here, {"token": token, "take": "1", "column-0": "name", "column-1": ""})
    assert answer.status_code == 302
    assert AiSystem.objects.get().name == "Ranker"


def test_records_in_an_archive_are_compared_and_taken(aims: Aims, officer: Actor) -> None:
    client, here = signed_in(officer), f"/a/{aims.slug}/systems/files/"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("ai/ranker.yaml", text_of("ranker"))
        archive.writestr("__MACOSX/ai/._ranker.yaml", "junk")
        archive.writestr("../../bad.yaml", "id: [")
    status, page, token = put(client, aims, "records.zip", out.getvalue())
    assert (status, "../../bad.yaml:2" in page, "Take it in" in page) == (200, True, False)
    client.post(here, {"token": token, "take": "1"})
    assert not AiSystem.objects.exists()
    _status, page, token = put(client, aims, "ranker.yaml", text_of("ranker").encode())
    assert "Take it in" in page
    client.post(here, {"token": token, "take": "1"})
    row = AiSystem.objects.get()
    assert (row.key, row.file.path) == ("ranker", "upload/ranker.yaml")


def test_what_is_no_register_is_told_at_the_field(aims: Aims, officer: Actor) -> None:
    status, page, _token = put(signed_in(officer), aims, "x.csv", b"%PDF-1.7")
    assert status == 422
    assert "PDF" in page


def test_nobody_takes_what_another_uploaded_or_without_the_authority(aims: Aims, officer: Actor) -> None:
    _status, _page, token = put(signed_in(officer), aims, "register.csv", TABLE)
    other = signed_in(a_member(aims, Role.OFFICER, by=officer))
    here = f"/a/{aims.slug}/systems/files/"
    assert "choose it again" in other.post(here, {"token": token, "take": "1"}, follow=True).content.decode().lower()
    reader = signed_in(a_member(aims, Role.AUDITOR, by=officer))
    assert reader.post(here, {"token": token, "take": "1"}).status_code == 403
    page = reader.get(here).content.decode()
    assert 'type="file"' not in page
    assert "export" in page.lower()
    assert not AiSystem.objects.exists()


def test_what_leaves_is_whole_and_harmless(aims: Aims, officer: Actor) -> None:
    a_system(officer, name="=1+1", purpose="@SUM(A1)")
    client = signed_in(a_member(aims, Role.AUDITOR, by=officer))
    here = f"/a/{aims.slug}/systems/files/"
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{here}zip").content))
    assert archive.namelist() == [f"{AiSystem.objects.get().key}.yaml"]
    table = client.get(f"{here}csv").content.decode("utf-8-sig")
    assert "'=1+1" in table
    sheet = load_workbook(io.BytesIO(client.get(f"{here}xlsx").content)).worksheets[0]
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=1+1", "s")
    assert client.get(f"{here}pdf").status_code == 404
