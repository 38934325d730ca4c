"""The corners of the actions: what is refused at their own door, and what changes nothing."""

import pytest

from accounts.actor import Actor
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.models import Aims
from controls.models import RequirementQuerySet
from soa.actions import amend, decide_for_system, open_statement, read_in, record_effectiveness, take_in, undo
from soa.actions.amend import NotAmendable
from soa.actions.open import NoCatalogue
from soa.models import Applicability, Effectiveness, EntrySystem
from tests.make import a_member, an_organisation, trace_of
from tests.soa.intake.make import titles
from tests.soa.make import a_statement, an_entry, included
from tests.systems.make import a_system, person_of


@pytest.mark.db_both
def test_audits_tell_whether_a_control_works(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    auditor = a_member(aims, Role.AUDITOR, by=officer)
    for _again in range(2):
        row = record_effectiveness(an_entry(), Effectiveness.EFFECTIVE, source="test:T-1", actor=auditor)
    assert (row.effectiveness, row.effectiveness_source, row.version) == ("effective", "test:T-1", 2)
    assert trace_of("entry:A.2.2") == ["soa.effectiveness_recorded"]
    with pytest.raises(NotAllowed):
        record_effectiveness(row, Effectiveness.NOT_TESTED, source="x", actor=a_member(aims, Role.OWNER, by=officer))


def test_amending_keeps_to_its_fields_its_people_and_its_versions(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    with pytest.raises(NotAmendable, match="cannot be changed here: applicability"):
        amend(an_entry(), {"applicability": "included"}, seen=1, actor=officer)
    with pytest.raises(NotAmendable, match="not a member"):
        amend(an_entry(), {"owner": person_of(an_organisation()[1])}, seen=1, actor=officer)
    with pytest.raises(NotAmendable, match="Say why no evidence"):
        amend(an_entry(), {"expects_evidence": False}, seen=1, actor=officer)
    with pytest.raises(Conflict):
        amend(an_entry(), {"why": "From nowhere"}, seen=99, actor=officer)
    assert an_entry().version == 1


def test_a_description_saved_twice_is_one_change(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    system = a_system(officer, in_scope=True)
    for seen in (0, 1):
        decide_for_system(
            included(officer), system, applicability=Applicability.INCLUDED, why="So.", implementation="", seen=seen,
            actor=officer,
        )  # fmt: skip
    assert EntrySystem.objects.get().version == 1


def test_undoing_what_made_no_difference_records_nothing(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    both = a_member(aims, Role.AUDITOR, Role.OFFICER, by=officer)
    record_effectiveness(an_entry(), Effectiveness.EFFECTIVE, source="test:T-1", actor=both)
    undo(an_entry(), seen=2, actor=both)
    assert (an_entry().effectiveness, an_entry().version) == ("effective", 2)


def test_an_owner_named_twice_is_invited_once(aims: Aims, officer: Actor) -> None:
    rows = "".join(f"{code},{titles()[code]},Ana Lima\n" for code in ("A.2.2", "A.2.3"))
    text = f"Control ID,Title,Owner\n{rows}"
    done = take_in(read_in(text.encode(), "soa.csv", aims, actor=officer), flagged=(), actor=officer)
    assert done.result["owners"] == 1
    assert an_entry("A.2.2").owner_id == an_entry("A.2.3").owner_id


def test_without_a_catalogue_there_is_nothing_to_open(
    aims: Aims, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RequirementQuerySet, "in_order", RequirementQuerySet.none)
    with pytest.raises(NoCatalogue):
        open_statement(actor=officer)
