"""Certification packs through their doors: the page, the job, the command; who may, what is recorded, what is left."""

import json
import subprocess
import sys
from datetime import date
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from evidence.models import File
from evidence.store import Stored, place_of, store
from jobs.actions import run_job
from jobs.models import Job, JobState
from ledger.actions import checkpoint, seal_all
from ledger.models import Anchor, AnchorKind, Record
from reports.actions.pack import MadePack, ask_pack, cancel_pack, complete_pack
from reports.kept import pack_files, packs_unlike_their_records
from reports.models import Pack
from reports.pack.build import Altered, Builder
from reports.pack.selection import NotSelectable, Selection
from soa.actions import open_statement
from tests.aims.make import shared
from tests.evidence.make import an_evidence, files_on_disk
from tests.make import a_member, an_organisation, signed_in, trace_of
from tests.reports.packs import a_pack, a_state
from tests.reports.test_views import text_of


def at(aims: Aims, *parts: object) -> str:
    """Return an address of the packs."""
    return "/".join(["", "a", aims.slug, "reports", "packs", *map(str, parts), ""])


def ready(pack: Pack, actor: Actor) -> Pack:
    """Give a pack a file, as its job does."""
    row = checkpoint(pack.aims_id)
    data = b"PK\x03\x04 a pack"
    with store().draft() as draft:
        draft.file.write(data)
        stored = Stored(sha256(data).hexdigest(), len(data))
        draft.settle(stored)
    return complete_pack(pack, MadePack(stored.sha256, stored.size, 9, "a-pack.zip", row.size), actor=actor)


def test_an_empty_page_says_what_a_pack_is(aims: Aims, officer: Actor) -> None:
    """And offers the three audits, with every control of the statement to choose from."""
    open_statement(actor=officer)
    page = text_of(signed_in(officer).get(at(aims)))
    assert "No pack has been made yet" in page
    assert "Stage 2: everything" in page
    assert 'value="A.10.4"' in page


def test_asking_is_refused_where_nothing_is_approved(aims: Aims, officer: Actor) -> None:
    """With the reason on the form, and nothing written down."""
    open_statement(actor=officer)
    answer = signed_in(officer).post(at(aims, "ask"), {"preset": "stage2", "with_files": "on"})
    assert answer.status_code == 422
    assert "No version of the statement is approved yet." in text_of(answer)
    assert not Pack.objects.exists()


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"as_of": "2999-01-01"}, "as_of", "1 January 2999 lies in the future."),
        ({"as_of": "2020-01-01"}, "as_of", "No version was in force on 1 January 2020."),
        ({"as_of": "yesterday"}, "as_of", "Enter a valid date."),
        ({"preset": "stage9"}, "preset", "Select a valid choice"),
        ({"requirements": "A.99.9"}, "requirements", "A.99.9"),
    ],
)
def test_what_cannot_be_handed_over_is_said_at_its_field(
    aims: Aims, officer: Actor, given: dict[str, str], field: str, words: str
) -> None:
    """Bad input gets its error where it was made."""
    a_state(aims, officer)
    answer = signed_in(officer).post(at(aims, "ask"), {"preset": "stage2"} | given)
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert not Pack.objects.exists()


def test_asking_by_form_writes_the_choice_down(aims: Aims, officer: Actor) -> None:
    """The pack stands in the list with its job's steps, and asks again each second."""
    a_state(aims, officer)
    client = signed_in(officer)
    given = {"preset": "surveillance", "requirements": ["A.2.2", "A.6.2.4"]}
    assert client.post(at(aims, "ask"), given).status_code == 302
    pack = Pack.objects.get()
    assert (pack.preset, pack.controls, pack.with_files) == ("surveillance", ["A.2.2", "A.6.2.4"], False)
    page = text_of(client.get(at(aims)))
    assert f'hx-get="{at(aims, pack.code)}"' in page
    assert "Write the manifest" in page
    assert trace_of(f"pack:{pack.code}") == ["pack.asked"]


@pytest.mark.db_both
def test_the_job_makes_a_pack_that_proves_itself(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    """With the real report in it: from the form to the bytes that a certification body unpacks."""
    a_state(aims, officer)
    pack = ask_pack(aims, Selection(), actor=officer)
    assert pack.job is not None
    assert run_job(pack.job.pk) == JobState.DONE, Job.objects.get().error
    seal_all(aims.pk, wait=True)
    body = a_member(aims, Role.CERTIFIER, by=officer)
    shared(pack.ref, body, by=officer)
    answer = signed_in(body).get(at(aims, pack.code, "download"))
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    pack.refresh_from_db()
    assert sha256(data).hexdigest() == pack.sha256
    assert answer["Content-Disposition"] == f'attachment; filename="{aims.slug}-pack-PK-001.zip"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    ZipFile(BytesIO(data)).extractall(tmp_path / "unpacked")
    ran = subprocess.run(
        [sys.executable, "-I", "verify.py"], cwd=tmp_path / "unpacked", capture_output=True, env={}, check=False
    )
    assert ran.returncode == 0, ran.stdout.decode()
    assert trace_of("pack:PK-001") == ["pack.asked", "pack.frozen", "pack.made", "pack.downloaded"]
    anchor = Anchor.objects.get(kind=AnchorKind.PACK)
    assert (anchor.place, anchor.checkpoint.size) == ("PK-001", pack.records)
    assert [path.name for path in files_on_disk() if "incoming" in path.parts] == []
    page = text_of(signed_in(officer).get(at(aims, "PK-001")))
    assert "A person took a pack out." in page
    assert pack.content_digest in page


def test_two_packs_of_one_state_agree_on_their_content(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    """Handing over, and reading, change nothing of what is handed over; a new version of a file does."""
    a_state(aims, officer)
    first = a_pack(aims, officer, tmp_path / "first")
    signed_in(officer).get(at(aims))
    second = a_pack(aims, officer, tmp_path / "second")
    digests = [json.loads(pack.path("pack.json").read_bytes())["content_digest"] for pack in (first, second)]
    assert digests[0] == digests[1]
    an_evidence(actor=officer, name="new.pdf", serves=["A.2.2"])
    seal_all(aims.pk, wait=True)
    third = a_pack(aims, officer, tmp_path / "third")
    assert json.loads(third.path("pack.json").read_bytes())["content_digest"] != digests[0]
    assert third.verdict("--pin", str(max(first.path("chain/checkpoints").iterdir())))["ok"]


@pytest.mark.parametrize(
    "chosen",
    [
        {"preset": "stage1"},
        {"preset": "surveillance"},
        {"with_files": False},
        {"controls": ("A.6.2.4",)},
        {"controls": ("A.2.2", "A.9.2"), "with_files": False},
    ],
)
def test_every_choice_proves_itself(aims: Aims, officer: Actor, tmp_path: Path, chosen: dict[str, object]) -> None:
    """Parts of the whole are complete as parts."""
    a_state(aims, officer)
    pack = a_pack(aims, officer, tmp_path / "pack", **chosen)
    said = pack.verdict()
    assert said["ok"], said
    codes = {item["code"] for item in json.loads(pack.path("evidence/index.json").read_bytes())}
    if chosen.get("controls") == ("A.6.2.4",):
        assert codes == {"EV-001"}
        records = pack.path("chain/records.jsonl").read_bytes()
        assert b'"id":"A.2.2"' not in records
        assert records.count(b"\n") < pack.path("chain/leaves.txt").read_bytes().count(b"\n")
    if chosen.get("with_files") is False:
        assert not list(pack.path("evidence").glob("EV-*"))
    else:
        assert list(pack.path("evidence").glob("EV-*"))


def test_a_past_day_hands_over_what_stood_then(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    """The version of February, without the assessment and the evidence of later."""
    a_state(aims, officer)
    pack = a_pack(aims, officer, tmp_path / "pack", as_of=date(2026, 2, 1))
    assert pack.verdict()["ok"]
    about = json.loads(pack.path("pack.json").read_bytes())
    assert about["content"]["statement"][0] == "SOA-1"
    assert about["content"]["instant"] == "2026-02-01T23:59:59.999999Z"
    assert (about["content"]["evidence"], about["content"]["assessments"]) == ([], [])


def test_evidence_that_was_altered_on_disk_stops_the_pack(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    """It is named, nothing is made, and nothing is left on the disk."""
    a_state(aims, officer)
    file = File.objects.order_by("pk").last()
    assert file is not None
    place = place_of(store().root, file.sha256)
    place.chmod(0o600)
    place.write_bytes(b"altered")
    out = tmp_path / "pack.zip"
    with pytest.raises(CommandError, match=r"minutes.pdf of EV-002@1 was altered in the store. Nothing was made."):
        call_command("make_pack", aims=aims.slug, out=out)
    assert list(tmp_path.glob("*pack*")) == []
    place.unlink()
    with pytest.raises(Altered, match=r"minutes.pdf of EV-002@1 is missing from the store."):
        a_pack(aims, officer, tmp_path / "folder")


@pytest.mark.db_both
def test_the_command_writes_a_file(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    """With the options that others call it by; the pack is noted, and not kept here."""
    a_state(aims, officer)
    out, said = tmp_path / "pack.zip", StringIO()
    call_command(
        "make_pack", "--aims", aims.slug, "--out", str(out), "--controls", "A.6.2.4,A.2.2", "--no-files", stdout=said
    )
    pack = Pack.objects.get()
    assert sha256(out.read_bytes()).hexdigest() == pack.sha256
    assert (pack.controls, pack.with_files, pack.is_kept) == (["A.6.2.4", "A.2.2"], False, False)
    assert pack.content_digest in said.getvalue()
    answer = signed_in(officer).get(at(aims, pack.code, "download"))
    assert (answer.status_code, "This pack is not kept here." in text_of(answer)) == (410, True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"aims": "nobody"}, "There is no AIMS “nobody”."),
        ({"controls": "A.99"}, "The statement has no row for A.99."),
        ({"out": Path("/nowhere/at/all.zip")}, "There is no folder /nowhere/at."),
    ],
)
def test_the_command_refuses_in_words(
    aims: Aims, officer: Actor, tmp_path: Path, options: dict[str, object], words: str
) -> None:
    """Before anything is written."""
    a_state(aims, officer)
    given = {"aims": aims.slug, "out": tmp_path / "pack.zip"} | options
    with pytest.raises(CommandError) as refused:
        call_command("make_pack", **given)
    assert words in str(refused.value)
    assert list(tmp_path.glob("*pack*")) == []


def test_who_may_and_who_may_not(aims: Aims, officer: Actor) -> None:
    """Stewards, approvers and internal auditors have them made and take them; others neither, a seat when shared."""
    a_state(aims, officer)
    pack = ready(ask_pack(aims, Selection(), actor=officer, queued=False), officer)
    expected = {Role.AUDITOR: (302, 200), Role.APPROVER: (302, 200), Role.CERTIFIER: (403, 404), Role.OWNER: (403, 403)}
    for role, (asked, taken) in expected.items():
        client = signed_in(a_member(aims, role, by=officer))
        assert client.post(at(aims, "ask"), {"preset": "stage2"}).status_code == asked, role
        assert client.get(at(aims, pack.code, "download")).status_code == taken, role
        assert ("Make the pack" in text_of(client.get(at(aims)))) == (asked == 302), role


def test_each_download_is_recorded_with_who_took_it(aims: Aims, officer: Actor) -> None:
    """Before the first byte leaves."""
    a_state(aims, officer)
    pack = ready(ask_pack(aims, Selection(), actor=officer, queued=False), officer)
    body = a_member(aims, Role.CERTIFIER, by=officer)
    shared(pack.ref, body, by=officer)
    for _time in range(2):
        assert signed_in(body).get(at(aims, pack.code, "download")).status_code == 200
    taken = Record.objects.filter(event="pack.downloaded")
    assert [record.pseudonym for record in taken] == [body.pseudonym] * 2


def test_cancelling_stops_it_and_leaves_nothing(aims: Aims, officer: Actor) -> None:
    """A queued pack is called off; once made it is not."""
    a_state(aims, officer)
    pack = ask_pack(aims, Selection(), actor=officer)
    client = signed_in(officer)
    assert client.post(at(aims, pack.code, "cancel")).status_code == 302
    pack.refresh_from_db()
    assert pack.job is not None
    assert pack.job.state == JobState.CANCELLED
    assert "Try again" in text_of(client.get(at(aims)))
    again = client.post(at(aims, pack.code, "cancel"))
    assert (again.status_code, "This pack is finished already." in text_of(again)) == (422, True)
    assert client.post(at(aims, pack.code, "again")).status_code == 302
    assert Pack.objects.count() == 2


def test_a_running_job_that_is_cancelled_drops_what_it_wrote(
    aims: Aims, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the next step that it tells; the draft in the store goes with it."""
    a_state(aims, officer)
    before = files_on_disk()
    pack = ask_pack(aims, Selection(), actor=officer)
    assert pack.job is not None
    build = Builder.build

    def cancelled_meanwhile(builder: Builder) -> int:
        cancel_pack(pack, actor=officer)
        return build(builder)

    monkeypatch.setattr(Builder, "build", cancelled_meanwhile)
    run_job(pack.job.pk)
    assert Job.objects.get(pk=pack.job.pk).state == JobState.CANCELLED
    assert files_on_disk() == before


def test_packs_of_others_do_not_exist(aims: Aims, officer: Actor) -> None:
    """A foreign pack answers as a missing one does."""
    a_state(aims, officer)
    ready(ask_pack(aims, Selection(), actor=officer, queued=False), officer)
    other, stranger = an_organisation()
    client = signed_in(stranger)
    for address in (at(other, "PK-001"), at(other, "PK-001", "download"), at(other, "PK-777")):
        assert client.get(address).status_code == 404
    for verb in ("cancel", "again"):
        assert client.post(at(other, "PK-001", verb)).status_code == 404


def test_the_list_costs_the_same_with_many(aims: Aims, officer: Actor) -> None:
    """One query for the page of packs, however many it shows."""
    a_state(aims, officer)
    client = signed_in(officer)
    counts = []
    for _round in range(2):
        ask_pack(aims, Selection(), actor=officer)
        for _more in range(_round * 6):
            ready(ask_pack(aims, Selection(), actor=officer, queued=False), officer)
        client.get(at(aims))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(at(aims))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_nothing_can_be_chosen_that_has_no_row(aims: Aims, officer: Actor) -> None:
    """Controls are those of the statement."""
    a_state(aims, officer)
    with pytest.raises(NotSelectable, match=r"The statement has no row for A.1, B.2."):
        ask_pack(aims, Selection(controls=("A.1", "A.2.2", "B.2")), actor=officer)
    with pytest.raises(NotSelectable, match=r"Choose which audit the pack is for."):
        ask_pack(aims, Selection(preset="stage9"), actor=officer)


def test_a_pack_is_held_against_the_chain_and_its_file_against_its_hash(aims: Aims, officer: Actor) -> None:
    """By `verify_chain --deep` and by the nightly check of stored files."""
    a_state(aims, officer)
    pack = ready(ask_pack(aims, Selection(), actor=officer, queued=False), officer)
    seal_all(aims.pk, wait=True)
    assert list(packs_unlike_their_records()) == []
    assert [(file.sha256, file.what) for file in pack_files()] == [(pack.sha256, "pack:PK-001")]
    Pack.objects.filter(pk=pack.pk).update(sha256="0" * 64)
    assert "PK-001" in " ".join(packs_unlike_their_records())
    Pack.objects.filter(pk=pack.pk).update(sha256="")
    assert "PK-001" in " ".join(packs_unlike_their_records())
    assert list(pack_files()) == []
