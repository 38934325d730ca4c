"""The API's door to lineage."""

import pytest

from accounts.actor import Actor
from accounts.models import TokenKind
from aims.models import Aims
from tests.api.make import Machine, a_machine
from tests.make import an_organisation
from tests.trace.lineage.make import ENTRY, World, a_world
from trace.lineage.telling import as_data


@pytest.fixture
def world(aims: Aims, officer: Actor) -> World:
    return a_world(aims, officer)


@pytest.fixture
def machine(world: World) -> Machine:
    return a_machine(world.aims, world.officer, scopes=["read"])


def test_it_answers_as_the_query_does(machine: Machine, world: World) -> None:
    answer = machine.read("lineage/", subject=ENTRY)
    assert answer.status_code == 200
    assert answer.json() == as_data(world.asked(ENTRY))


def test_direction_and_depth(machine: Machine, world: World) -> None:
    answer = machine.read("lineage/", subject=ENTRY, direction="back", depth=2).json()
    assert answer["forward"] == []
    assert answer == as_data(world.asked(ENTRY, direction="back", depth=2))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "subject"),
        ({"subject": ENTRY, "direction": "sideways"}, "direction"),
        ({"subject": ENTRY, "depth": "0"}, "depth"),
        ({"subject": ENTRY, "depth": "13"}, "depth"),
        ({"subject": "x" * 200}, "subject"),
        ({"subject": "entry:\x00"}, "subject"),
    ],
)
def test_a_wrong_question_is_400(machine: Machine, query: dict[str, str], field: str) -> None:
    answer = machine.read("lineage/", **query)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert field in answer.json()["errors"]


def test_what_is_not_there_is_404(machine: Machine) -> None:
    answer = machine.read("lineage/", subject="finding:NC-2026-03")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no finding NC-2026-03 here."


def test_another_organisation_answers_as_missing(world: World) -> None:
    theirs, stranger = an_organisation()
    foreign = a_machine(theirs, stranger)
    foreign.base = f"/api/v1/a/{world.aims.slug}/"
    answers = [foreign.read("lineage/", subject=subject) for subject in (ENTRY, "entry:A.99")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_services_may_read_and_nobody_may_write(world: World) -> None:
    service = a_machine(world.aims, world.officer, kind=TokenKind.SERVICE, scopes=["read"])
    assert service.read("lineage/", subject=ENTRY).status_code == 200
    assert service.act("lineage/").status_code in (403, 405)
