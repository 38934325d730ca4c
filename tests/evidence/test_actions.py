"""Each verb leaves its trace, and says no in words when it must."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import clock
from accounts.actor import Actor, service
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.models import Aims, Invitation
from evidence.actions import (
    Content,
    Gone,
    NotGivable,
    NotLinkable,
    edit_evidence,
    expect_evidence,
    give_each,
    give_evidence,
    give_version,
    link_evidence,
    record_read,
    withdraw_evidence,
    withdraw_link,
)
from evidence.digest import digest_of
from evidence.intake import taken_in
from evidence.models import Evidence, EvidenceLink, EvidenceVersion, File, Immutable, LinkSource, Read
from ledger.guards import missing
from ledger.models import Record
from systems.models import AiSystem
from tests.evidence.make import (
    PDF,
    a_note,
    a_version,
    an_evidence,
    an_upload,
    files_on_disk,
    requirements,
)
from tests.make import a_member, an_organisation, trace_of

pytestmark = pytest.mark.db_both
WRITERS = (Role.ADMINISTRATOR, Role.OFFICER, Role.OWNER)
READERS = (Role.REVIEWER, Role.APPROVER, Role.AUDITOR)


def last_record() -> dict[str, Any]:
    """The newest record's body."""
    newest = Record.objects.order_by("-pk")[0]
    body: dict[str, Any] = json.loads(bytes(newest.body))
    return body


def test_giving_evidence_keeps_everything_and_says_so(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer, name="drift_report.pdf", serves=["A.6.2.4", "9.1"], renew_by=date(2027, 1, 1))
    assert (item.code, item.title, item.ref) == ("EV-001", "drift report", "evidence:EV-001")
    version = item.versions.get()
    file = version.files.get()
    assert (version.number, file.name, file.size) == (1, "drift_report.pdf", len(PDF))
    assert item.links.count() == 2
    assert item.history.count() == 1
    assert [link.history.count() for link in item.links.all()] == [1, 1]
    assert trace_of(item.ref) == ["evidence.given"]
    body = last_record()
    assert body["evidence"] == [{"id": "EV-001", "version": 1, "sha256": file.sha256, "size": file.size}]
    assert body["subject"]["after_hash"] == digest_of(item, version, [file])


@pytest.mark.parametrize("role", WRITERS)
def test_writers_give_and_link(aims: Aims, officer: Actor, role: Role) -> None:
    actor = a_member(aims, role, by=officer)
    item = a_note(actor=actor)
    assert len(link_evidence(item, requirements("A.2.2"), actor=actor)) == 1


@pytest.mark.parametrize("role", READERS)
def test_readers_only_read(aims: Aims, officer: Actor, role: Role) -> None:
    reader = a_member(aims, role, by=officer)
    item = an_evidence(actor=officer, serves=["A.2.2"])
    refused = [
        lambda: a_note(actor=reader),
        lambda: a_version(item, actor=reader),
        lambda: link_evidence(item, requirements("A.2.3"), actor=reader),
        lambda: withdraw_link(item.links.get(), reason="No", actor=reader),
        lambda: withdraw_evidence(item, reason="No", seen=1, actor=reader),
        lambda: edit_evidence(item, title="No", kind="record", owner=None, seen=1, actor=reader),
        lambda: expect_evidence("No", actor=reader),
    ]
    before = Record.objects.count()
    for attempt in refused:
        with pytest.raises(NotAllowed):
            attempt()
    assert Record.objects.count() == before
    file = File.objects.get()
    with record_read(file, actor=reader) as stream:
        assert stream.read() == PDF


def test_a_machine_delivers_but_does_not_withdraw(aims: Aims, officer: Actor) -> None:
    machine = service("sync", Role.OFFICER)
    item = a_note(actor=machine, serves=["A.2.2"])
    with pytest.raises(NotAllowed):
        withdraw_evidence(item, reason="stale", seen=1, actor=machine)
    with pytest.raises(NotAllowed):
        withdraw_link(item.links.get(), reason="stale", actor=machine)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (Content(), "files"),
        (Content(note="   "), "files"),
        (Content(link="javascript:alert(1)"), "link"),
        (Content(result={"accuracy": float("nan")}), "result"),
        (Content(note="x", covers_from=date(2026, 2, 1), covers_to=date(2026, 1, 1)), "covers_to"),
        (Content(note="x", made_on=date(2999, 1, 1)), "made_on"),
        (Content(note="x", made_on=date(2026, 2, 1), renew_by=date(2026, 1, 1)), "renew_by"),
    ],
)
def test_unusable_content_is_refused_at_its_field(aims: Aims, officer: Actor, content: Content, field: str) -> None:
    with pytest.raises(NotGivable) as refusal:
        give_evidence(content, title="Something", actor=officer)
    assert refusal.value.field == field
    assert not Evidence.objects.exists()
    assert not EvidenceVersion.objects.exists()


@pytest.mark.parametrize(
    ("about", "field"),
    [({"title": " "}, "title"), ({"title": "x" * 201}, "title"), ({"title": "x", "kind": "poem"}, "kind")],
)
def test_an_item_needs_a_title_and_a_kind(aims: Aims, officer: Actor, about: dict[str, str], field: str) -> None:
    with pytest.raises(NotGivable) as refusal:
        give_evidence(Content(note="words"), actor=officer, **about)
    assert refusal.value.field == field


def test_links_notes_and_results_are_evidence_too(aims: Aims, officer: Actor) -> None:
    contents = [Content(link="https://example.org/report"), Content(note="Seen"), Content(result={"accuracy": 0.92})]
    items = [give_evidence(content, title="It", actor=officer) for content in contents]
    assert [item.form for item in items] == ["link", "note", "result"]
    assert items[2].versions.get().result == {"accuracy": "0.92"}
    assert last_record()["evidence"] == [{"id": "EV-003", "version": 1, "sha256": None, "size": None}]


def test_each_file_becomes_an_item_or_none_does(aims: Aims, officer: Actor) -> None:
    with taken_in([an_upload("one.pdf"), an_upload("two.pdf", b"%PDF-two")]) as files:
        items = give_each(
            Content(files=files, made_on=date(2026, 1, 1)),
            kind="record",
            requirements=requirements("A.2.2"),
            actor=officer,
        )
    assert [(item.code, item.title) for item in items] == [("EV-001", "one"), ("EV-002", "two")]
    assert EvidenceLink.objects.count() == 2
    with pytest.raises(NotGivable):
        give_each(Content(), kind="record", actor=officer)


def test_a_refused_action_leaves_no_bytes(aims: Aims, officer: Actor) -> None:
    with pytest.raises(NotGivable), taken_in([an_upload()]) as files:
        give_evidence(Content(files=files, made_on=date(2999, 1, 1)), actor=officer)
    assert files_on_disk() == []


def test_a_new_version_never_touches_an_older_one(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer)
    first = EvidenceVersion.objects.values().get()
    bytes_before = {path: path.read_bytes() for path in files_on_disk()}
    second = a_version(item, actor=officer, data=b"%PDF-second", renew_by=date(2027, 5, 1))
    assert second.number == 2
    assert EvidenceVersion.objects.values().get(number=1) == first
    assert all(path.read_bytes() == data for path, data in bytes_before.items())
    assert len(files_on_disk()) == 2
    assert trace_of(item.ref) == ["evidence.given", "evidence.renewed"]
    assert last_record()["evidence"][0]["version"] == 2


def test_a_new_version_says_what_changed(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer)
    with pytest.raises(NotGivable, match="since version 1") as refusal:
        a_version(item, actor=officer, change_note="  ")
    assert refusal.value.field == "change_note"
    assert item.versions.count() == 1


def test_versions_files_and_reads_cannot_be_changed_by_the_orm(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer)
    version, file = item.versions.get(), File.objects.get()
    record_read(file, actor=officer).close()
    for row in (version, file, Read.objects.get()):
        with pytest.raises(Immutable):
            row.save()
        with pytest.raises(Immutable):
            row.delete()
        with pytest.raises(Immutable):
            type(row).objects.all().delete()
    with pytest.raises(Immutable):
        EvidenceVersion.objects.update(note="other")
    with pytest.raises(Immutable):
        File.unscoped.all().update(sha256="0" * 64)


@pytest.mark.parametrize("table", ["evidence_evidenceversion", "evidence_file", "evidence_read"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}", "UPDATE {} SET aims_id = aims_id"])
def test_nor_by_sql(aims: Aims, officer: Actor, table: str, verb: str) -> None:
    an_evidence(actor=officer)
    record_read(File.objects.get(), actor=officer).close()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))
    assert missing() == []


def test_linking_again_makes_no_second_link(aims: Aims, officer: Actor) -> None:
    item = a_note(actor=officer, serves=["A.2.2"])
    made = link_evidence(item, requirements("A.2.2", "A.2.3", "A.2.3"), reason="Covers it", actor=officer)
    assert [link.requirement.code for link in made] == ["A.2.3"]
    assert link_evidence(item, requirements("A.2.3"), actor=officer) == []
    assert trace_of(item.ref) == ["evidence.given", "evidence.linked"]
    assert made[0].history.get().history_change_reason == "Covers it"


def test_only_clauses_and_controls_of_this_organisation_are_served(aims: Aims, officer: Actor) -> None:
    item = a_note(actor=officer)
    with pytest.raises(NotLinkable):
        link_evidence(item, requirements("A.2"), actor=officer)
    assert item.links.count() == 0


def test_a_link_is_withdrawn_with_a_reason_and_stays(aims: Aims, officer: Actor) -> None:
    item = a_note(actor=officer, serves=["A.2.2"])
    link = item.links.get()
    with pytest.raises(NotLinkable) as refusal:
        withdraw_link(link, reason=" ", actor=officer)
    assert refusal.value.field == "reason"
    withdraw_link(link, reason="Wrong control", actor=officer)
    link.refresh_from_db()
    assert link.withdrawn_at
    assert link.history.count() == 2
    assert trace_of(item.ref)[-1] == "evidence.unlinked"
    with pytest.raises(NotLinkable):
        withdraw_link(link, reason="Again", actor=officer)
    assert len(link_evidence(item, requirements("A.2.2"), actor=officer)) == 1


def test_a_control_owner_withdraws_their_own_links_only(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    item = a_note(actor=officer, serves=["A.2.2"])
    with pytest.raises(NotAllowed):
        withdraw_link(item.links.get(), reason="Mine?", actor=owner)
    (link,) = link_evidence(item, requirements("A.2.3"), actor=owner)
    assert withdraw_link(link, reason="Mine", seen=1, actor=owner).withdrawn_at
    with pytest.raises(Conflict):
        withdraw_link(item.links.get(requirement__code="A.2.2"), reason="x", seen=7, actor=officer)


def test_a_control_owner_edits_and_withdraws_what_is_theirs(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    item = a_note(actor=officer)
    with pytest.raises(NotAllowed):
        withdraw_evidence(item, reason="Mine?", seen=1, actor=owner)
    edit_evidence(item, title="Renamed", kind="record", owner=User.objects.get(pk=owner.user_id), seen=1, actor=officer)
    assert withdraw_evidence(item, reason="Mine", seen=2, actor=owner).withdrawn_reason == "Mine"


def test_editing_changes_what_it_is_called_and_nothing_when_nothing_changed(aims: Aims, officer: Actor) -> None:
    item = a_note(actor=officer, title="Old")
    row = edit_evidence(item, title=" New ", kind="record", owner=None, seen=1, actor=officer)
    assert (row.title, row.kind, row.version) == ("New", "record", 2)
    edit_evidence(item, title="New", kind="record", owner=None, seen=2, actor=officer)
    assert trace_of(item.ref) == ["evidence.given", "evidence.edited"]
    assert item.history.count() == 2
    with pytest.raises(Conflict):
        edit_evidence(item, title="Other", kind="record", owner=None, seen=1, actor=officer)
    for bad in ({"title": "", "kind": "record"}, {"title": "x", "kind": "poem"}):
        with pytest.raises(NotGivable):
            edit_evidence(item, **bad, owner=None, seen=2, actor=officer)


def test_withdrawn_evidence_stays_and_takes_nothing_more(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer, serves=["A.2.2"])
    with pytest.raises(NotGivable):
        withdraw_evidence(item, reason=" ", seen=1, actor=officer)
    with pytest.raises(Conflict):
        withdraw_evidence(item, reason="x", seen=9, actor=officer)
    withdraw_evidence(item, reason="Superseded", seen=1, actor=officer)
    assert trace_of(item.ref)[-1] == "evidence.withdrawn"
    for attempt in (
        lambda: withdraw_evidence(item, reason="Again", seen=2, actor=officer),
        lambda: a_version(item, actor=officer),
        lambda: link_evidence(item, requirements("A.2.3"), actor=officer),
        lambda: edit_evidence(item, title="x", kind="record", owner=None, seen=2, actor=officer),
    ):
        with pytest.raises((NotGivable, NotLinkable)):
            attempt()
    with record_read(File.objects.get(), actor=officer) as stream:
        assert stream.read() == PDF


def test_expected_evidence_is_named_once_and_given_later(aims: Aims, officer: Actor) -> None:
    item = expect_evidence("AI policy", requirements=requirements("A.2.2"), actor=officer)
    assert item.versions.count() == 0
    assert item.links.get().source == LinkSource.IMPORT
    assert expect_evidence("ai POLICY ", requirements=requirements("A.2.2", "5.2"), actor=officer) == item
    assert trace_of(item.ref) == ["evidence.expected", "evidence.linked"]
    assert a_version(item, actor=officer, change_note="").number == 1


def test_an_awaited_item_takes_the_form_of_what_is_given(aims: Aims, officer: Actor) -> None:
    item = expect_evidence("Minutes", actor=officer)
    give_version(item, Content(note="Agreed"), actor=officer)
    item.refresh_from_db()
    assert (item.form, item.version) == ("note", 2)


def test_every_read_is_noted_and_changed_bytes_are_never_handed_out(aims: Aims, officer: Actor) -> None:
    an_evidence(actor=officer)
    file = File.objects.get()
    record_read(file, actor=officer).close()
    read = Read.objects.get()
    assert (read.file, read.user_id, read.request_id) == (file, officer.user_id, officer.request_id)
    (path,) = files_on_disk()
    path.chmod(0o600)
    path.write_bytes(b"forged")
    with pytest.raises(Gone):
        record_read(file, actor=officer)
    assert Read.objects.count() == 1


def test_nothing_of_another_organisation_is_served_or_seen(aims: Aims, officer: Actor) -> None:
    item = a_note(actor=officer)
    other, stranger = an_organisation()
    with acting_in(other, stranger):
        assert not Evidence.objects.exists()
        with pytest.raises(Evidence.DoesNotExist):
            link_evidence(item, requirements("A.2.2"), actor=stranger)
        with pytest.raises(Evidence.DoesNotExist):
            a_version(item, actor=stranger)


def test_dates_are_judged_where_the_organisation_is(aims: Aims, officer: Actor) -> None:
    tomorrow = clock.today(aims.time_zone) + timedelta(days=1)
    with pytest.raises(NotGivable):
        a_note(actor=officer, made_on=tomorrow)
    assert a_note(actor=officer, made_on=tomorrow - timedelta(days=1))


def test_an_owner_is_a_person_of_the_organisation_or_invited(aims: Aims, officer: Actor) -> None:
    _other, stranger = an_organisation()
    person = User.objects.get(pk=stranger.user_id)
    item = a_note(actor=officer)
    for attempt in (
        lambda: give_evidence(Content(note="x"), title="x", owner=person, actor=officer),
        lambda: expect_evidence("x", owner=person, actor=officer),
        lambda: edit_evidence(item, title="x", kind="record", owner=person, seen=1, actor=officer),
    ):
        with pytest.raises(NotGivable) as refusal:
            attempt()
        assert refusal.value.field == "owner"
    Invitation.objects.create(aims=aims, user=person, email=person.email)
    assert expect_evidence("x", owner=person, actor=officer).owner == person


def test_more_files_than_the_setting_are_refused(aims: Aims, officer: Actor, settings: Any) -> None:
    settings.EVIDENCE_MAX_FILES = 1
    uploads = [an_upload("a.pdf"), an_upload("b.pdf", b"%PDF-b")]
    with pytest.raises(NotGivable, match="at most 1"), taken_in(uploads) as files:
        give_evidence(Content(files=files), actor=officer)
    assert files_on_disk() == []


def test_evidence_is_not_linked_for_a_system_of_another_organisation(aims: Aims, officer: Actor) -> None:
    other, _stranger = an_organisation()
    with acting_in(other):
        system = AiSystem.unscoped.create(aims=other, code="SYS-01", name="Theirs", purpose="Answers")
    with pytest.raises(NotLinkable) as refusal:
        link_evidence(a_note(actor=officer), requirements("A.2.2"), system=system, actor=officer)
    assert refusal.value.field == "system"
    assert not EvidenceLink.objects.exists()
