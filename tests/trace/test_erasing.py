"""A text is erased beside the chain and in the history; the record stays, and what was approved is never touched."""

import re
from collections.abc import Collection
from typing import Any

import pytest
from django.urls import reverse

from accounts.actor import Actor, service
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.models import Aims, Obligation
from assessments.models import Impact, Measure
from ledger.actions import seal
from ledger.models import Annex, Leaf, Log, Record
from ledger.verify import verify
from soa.actions import decide
from soa.models import Applicability, Entry
from tests.assessments.make import a_decided_assessment, an_approver, an_assessment, an_impact
from tests.make import a_member, signed_in, trace_of
from tests.soa.make import CODE, a_statement, a_version, an_entry, approved, decided, included
from tests.trace.make import an_edit, an_obligation
from trace.actions import erase_text
from trace.actions.erase import NotErasable
from trace.actions.reasons import NoReason
from trace.erasing import free_fields, row_of

NAMED = "Jane Doe asked for it while she was ill."


def newest(subject: str) -> Record:
    """The newest record about something."""
    return Record.objects.filter(subject=subject).order_by("-pk")[0]


def number_of(record: Record) -> int:
    return Leaf.objects.get(record=record).number


def kept(record: Record) -> dict[str, str]:
    """The texts still kept beside a record."""
    return dict(Annex.objects.filter(record=record).exclude(text="").values_list("field", "text"))


def an_edit_with_a_name(officer: Actor, aims: Aims) -> Record:
    """An edit whose reason names somebody, and after which the row says something else again."""
    row = an_obligation(officer, "O-1", aims_id=aims.pk)
    an_edit(officer, row, reason=NAMED, title="AI Act")
    record = newest(row.ref)
    an_edit(officer, row, title="AI Act, amended")
    return record


@pytest.mark.db_both
def test_a_rationale_is_erased_and_the_chain_still_verifies(aims: Aims, officer: Actor) -> None:
    record = an_edit_with_a_name(officer, aims)
    body = bytes(record.body)
    done = erase_text(record, reason="She asked us to forget it", actor=officer)
    assert kept(record) == {}
    assert bytes(Record.objects.get(pk=record.pk).body) == body
    assert trace_of(f"record:{record.event_id}") == ["text.erased"]
    assert kept(done)["rationale"] == "She asked us to forget it"
    seal(aims.pk)
    verdict = verify(Log.objects.get())
    assert (verdict.fault, verdict.notes) == ("", ())


@pytest.mark.db_both
def test_the_history_of_the_row_forgets_it_too(aims: Aims, officer: Actor) -> None:
    record = an_edit_with_a_name(officer, aims)
    before = list(Obligation.history.order_by("version").values_list("version", "title", "history_change_reason"))
    assert before[1] == (2, "AI Act", NAMED)
    erase_text(record, reason="She asked us to forget it", actor=officer)
    after = list(Obligation.history.order_by("version").values_list("version", "title", "history_change_reason"))
    assert after[1] == (2, "", "")
    assert (after[0][1], after[2][1]) == ("", "AI Act, amended")
    assert Obligation.objects.get().title == "AI Act, amended"


def test_only_the_part_that_is_named_goes(aims: Aims, officer: Actor) -> None:
    row = an_obligation(officer, "O-1", aims_id=aims.pk)
    an_edit(officer, row, reason=NAMED, title="AI Act")
    record = newest(row.ref)
    with pytest.raises(NotErasable, match="O-1 still says so under: title"):
        erase_text(record, reason="She asked", actor=officer)
    assert kept(record).keys() == {"rationale", "before", "after"}
    erase_text(record, parts=["rationale"], reason="She asked", actor=officer)
    assert kept(record).keys() == {"before", "after"}
    assert verify(Log.objects.get()).notes == ()
    assert Obligation.history.get(version=2).history_change_reason == ""
    assert Obligation.history.get(version=2).title == "AI Act"


def test_words_that_stand_in_two_parts_go_together(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    included(officer, why=NAMED)
    record = newest(f"entry:{CODE}")
    with pytest.raises(NotErasable, match=f"{CODE} still says so under: why"):
        erase_text(record, parts=["rationale"], reason="She asked", actor=officer)
    row = an_entry()
    decide(row, Applicability.INCLUDED, why="Our systems need it.", seen=row.version, actor=officer)
    erase_text(record, parts=["rationale"], reason="She asked", actor=officer)
    assert kept(record).keys() & {"rationale", "after"} == set()
    assert NAMED not in Entry.history.values_list("why", flat=True)
    assert kept(newest(f"entry:{CODE}"))["before"].count(NAMED) == 1


@pytest.mark.db_both
def test_an_approved_statement_is_never_erased(aims: Aims, officer: Actor) -> None:
    decided(officer)
    version = approved(aims, a_version(aims, officer), officer)
    for subject in (version.ref, "statement:SOA"):
        for record in Record.objects.filter(subject=subject):
            with pytest.raises(NotErasable, match="An approved statement is never erased"):
                erase_text(record, reason="She asked", actor=officer)
    row = an_entry()
    decide(row, Applicability.INCLUDED, why="Something else.", seen=row.version, actor=officer)
    first = Record.objects.filter(subject=row.ref).order_by("pk")[0]
    with pytest.raises(NotErasable, match="An approved statement is never erased, and SOA-1 says this"):
        erase_text(first, reason="She asked", actor=officer)
    assert kept(first)
    assert verify(Log.objects.get()).is_sound


def test_a_decided_assessment_is_never_erased(aims: Aims, officer: Actor) -> None:
    row = a_decided_assessment(officer, an_approver(aims, officer))
    parts = [row.ref, Impact.objects.get().ref, Measure.objects.get().ref]
    for subject in parts:
        for record in Record.objects.filter(subject=subject):
            with pytest.raises(NotErasable, match="A decided assessment is never erased"):
                erase_text(record, reason="She asked", actor=officer)
    assert Record.objects.filter(subject__in=parts).count() >= 4


def test_what_a_decided_assessment_says_stays_elsewhere_too(aims: Aims, officer: Actor) -> None:
    row = a_decided_assessment(officer, an_approver(aims, officer), description=NAMED)
    other = an_obligation(officer, "O-1", aims_id=aims.pk)
    an_edit(officer, other, reason=NAMED, kind="contract")
    with pytest.raises(NotErasable, match=f"A decided assessment is never erased, and {re.escape(row.ref_code)} says"):
        erase_text(newest(other.ref), reason="She asked", actor=officer)


def test_a_draft_can_be_erased_once_it_says_something_else(aims: Aims, officer: Actor) -> None:
    impact = an_impact(an_assessment(officer), officer, description=NAMED)
    with pytest.raises(NotErasable, match="still says so under: impact"):
        erase_text(newest(impact.ref), reason="She asked", actor=officer)


def test_a_record_without_a_row_loses_its_texts_alone(aims: Aims, officer: Actor) -> None:
    record = an_edit_with_a_name(officer, aims)
    erasure = erase_text(record, reason="Jane Doe asked", actor=officer)
    again = erase_text(erasure, reason="The reason named her as well", actor=officer)
    assert kept(erasure) == {}
    assert kept(again)["rationale"] == "The reason named her as well"
    assert verify(Log.objects.get()).notes == ()


def test_what_is_gone_is_not_erased_again(aims: Aims, officer: Actor) -> None:
    record = an_edit_with_a_name(officer, aims)
    erase_text(record, reason="She asked", actor=officer)
    with pytest.raises(NotErasable, match="There is no text left to erase"):
        erase_text(record, reason="She asked", actor=officer)


@pytest.mark.parametrize("parts", [None, ["rationale"]])
def test_who_may_and_why(aims: Aims, officer: Actor, parts: Collection[str] | None) -> None:
    record = an_edit_with_a_name(officer, aims)
    for actor in (a_member(aims, Role.OWNER, by=officer), a_member(aims, Role.CERTIFIER, by=officer), service("x")):
        with pytest.raises(NotAllowed):
            erase_text(record, reason="why", actor=actor, parts=parts)
    with pytest.raises(NoReason):
        erase_text(record, reason=" ", actor=officer, parts=parts)
    assert kept(record)["rationale"] == NAMED
    erase_text(record, reason="She asked", actor=a_member(aims, Role.ADMINISTRATOR, by=officer), parts=parts)


def test_rows_are_found_by_their_reference(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    obligation = an_obligation(officer, "O-1", aims_id=aims.pk)
    assert row_of(f"entry:{CODE}") == an_entry()
    assert row_of(obligation.ref) == obligation
    assert row_of(aims.ref) == aims
    for nothing in ("obligation:O-9", "token:1", "no-such-kind:1", ""):
        assert row_of(nothing) is None


def test_what_people_write_is_told_from_what_rows_are_found_by(aims: Aims) -> None:
    assert {field.name for field in free_fields(Obligation)} == {"title", "party", "source", "text"}
    entry = {field.name for field in free_fields(Entry)}
    assert {"why", "how", "notes", "provider", "no_evidence_reason"} <= entry
    assert entry & {"applicability", "implementation", "effectiveness_source"} == set()


def address(aims: Aims, name: str, *args: object) -> str:
    return reverse(f"trace:{name}", args=[aims.slug, *args])


def test_the_page_says_what_stays_and_who_else_says_it(aims: Aims, officer: Actor) -> None:
    record = an_edit_with_a_name(officer, aims)
    number = number_of(record)
    browser = signed_in(officer)
    panel = browser.get(address(aims, "record", number)).content.decode()
    assert address(aims, "erase", number) in panel
    assert address(aims, "erase", number) not in (
        signed_in(a_member(aims, Role.OWNER, by=officer)).get(address(aims, "record", number)).content.decode()
    )
    page = browser.get(address(aims, "erase", number)).content.decode()
    for words in ("It cannot be undone.", "a commitment to each text", "The reason", "What stood before", NAMED):
        assert words in page
    assert f"{address(aims, 'record', number + 1)}#inspector" in page


def test_erasing_by_the_form(aims: Aims, officer: Actor) -> None:
    record = an_edit_with_a_name(officer, aims)
    number = number_of(record)
    browser = signed_in(officer)
    place = address(aims, "erase", number)

    def post(**data: Any) -> Any:
        return browser.post(place, data, follow=True)

    assert post(reason="", parts=["rationale"]).status_code == 422
    assert post(reason="She asked").status_code == 422
    assert post(reason="She asked", parts=["everything"]).status_code == 422
    assert kept(record)["rationale"] == NAMED
    done = post(reason="She asked", parts=["rationale", "before", "after"])
    assert done.redirect_chain == [(address(aims, "record", number), 302)]
    page = done.content.decode()
    assert "The texts are erased." in page
    assert "Erased: the reason" in page
    assert "Erased: what stood after" in page
    assert f"#{Log.objects.get().size}</a>" in page.partition("Erased in")[2][:40]
    assert "Record and texts match the leaf" in page
    assert NAMED not in page
    assert place not in page
    assert "erased" in browser.get(address(aims, "records")).content.decode()


def test_a_refusal_stands_on_the_form(aims: Aims, officer: Actor) -> None:
    row = an_obligation(officer, "O-1", aims_id=aims.pk)
    answer = signed_in(officer).post(
        address(aims, "erase", number_of(newest(row.ref))), {"reason": "She asked", "parts": ["after"]}
    )
    assert answer.status_code == 422
    assert "still says so under: title" in answer.content.decode()
