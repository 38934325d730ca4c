"""What the statement says of a control decides whether an assessment may count on it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from accounts import clock
from accounts.actor import Actor
from aims.models import Aims
from assessments.checks import cautions
from assessments.models import Assessment
from assessments.queries import sheet_of
from ledger.change import Change
from soa.models import Applicability, Effectiveness, Entry, EntrySystem, Implementation
from tests.assessments.make import a_complete_assessment, a_decided_assessment, a_system, an_approver
from tests.soa.make import a_statement, an_entry

CODE = "A.9.2"


def told(row: Assessment) -> str:
    (measure,) = sheet_of(row).measures
    assert measure.counts == (not measure.fails_because)
    return measure.fails_because


def stands(officer: Actor, **fields: Any) -> Entry:
    entry = an_entry(CODE)
    Change.of(entry, **fields).save(actor=officer)
    return entry


def test_a_measure_counts_while_nothing_is_said_of_its_control(aims: Aims, officer: Actor) -> None:
    assert told(a_complete_assessment(officer)) == ""


@pytest.mark.db_both
@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, f"{CODE} is not implemented"),
        ({"implementation": Implementation.PLANNED}, f"{CODE} is not implemented"),
        ({"implementation": Implementation.PARTLY}, f"{CODE} is only partly implemented"),
        ({"implementation": Implementation.IMPLEMENTED}, ""),
        ({"implementation": "implemented", "effectiveness": Effectiveness.EFFECTIVE}, ""),
        (
            {"implementation": "implemented", "effectiveness": Effectiveness.NONCONFORMING},
            f"{CODE} was found nonconforming",
        ),
        ({"implementation": "implemented", "applicability": Applicability.EXCLUDED}, f"{CODE} is excluded"),
    ],
)
def test_what_the_entry_says_decides(aims: Aims, officer: Actor, fields: dict[str, str], why: str) -> None:
    a_statement(officer)
    stands(officer, **fields)
    row = a_complete_assessment(officer, residual_likelihood=1)
    assert told(row) == why
    warned = [remark.text for remark in cautions(sheet_of(row)) if "scored lower" in remark.title]
    assert [text.startswith(why) for text in warned] == ([True] if why else [])


def test_what_is_said_of_the_system_alone_counts_for_it(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    entry = stands(officer, implementation=Implementation.PARTLY)
    here, there = a_system(officer), a_system(officer)
    for system, state in ((here, Implementation.IMPLEMENTED), (there, "")):
        row = EntrySystem(aims_id=aims.pk, entry=entry, system=system, implementation=state)
        Change.new(row).save(actor=officer)
    assert told(a_complete_assessment(officer, here)) == ""
    assert told(a_complete_assessment(officer, there)) == f"{CODE} is only partly implemented"


def test_a_decided_edition_stays_as_it_was_judged(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    stands(officer, implementation=Implementation.IMPLEMENTED)
    decided = a_decided_assessment(officer, an_approver(aims, officer))
    draft = a_complete_assessment(officer)
    before = clock.now()
    with time_machine.travel(clock.now() + timedelta(days=1)):
        stands(officer, implementation=Implementation.PLANNED)
        assert (told(decided), told(draft)) == ("", f"{CODE} is not implemented")
        (measure,) = sheet_of(draft, before).measures
        assert measure.fails_because == ""
        assert b'"fails_because":""' in bytes(decided.frozen or b"").replace(b" ", b"")
