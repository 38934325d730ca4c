"""Search over everything, and jumping to a code."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims
from assessments.actions import register_risk
from tests.aims.make import an_obligation
from tests.assessments.make import an_assessment
from tests.evidence.make import a_note, an_evidence
from tests.evidence.test_scanning import examined
from tests.make import an_organisation, signed_in
from tests.systems.make import a_system


def everything(actor: Actor, word: str) -> None:
    """One thing of each kind that bears the word."""
    an_assessment(actor, a_system(actor, name=f"{word} assistant"))
    a_note(actor=actor, title=f"{word} minutes")
    register_risk(title=f"{word} risk", source="Workshop", actor=actor)
    an_obligation(actor, title=f"{word} act")


def found(actor: Actor, aims: Aims, text: str) -> str:
    answer = signed_in(actor).get(reverse("desk:search", args=[aims.slug]), {"q": text})
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_kind_is_found_by_part_of_its_title(aims: Aims, officer: Actor) -> None:
    everything(officer, "Zebra")
    page = found(officer, aims, "zeb")
    for words in ("Zebra assistant", "Zebra minutes", "Zebra risk", "Zebra act", "Impact assessments"):
        assert words in page
    assert reverse("evidence:detail", args=[aims.slug, "EV-001"]) in page
    assert 'aria-current="page"' not in page
    assert "AI system impact assessment process" in found(officer, aims, "impact assessment process")


@pytest.mark.parametrize(
    ("code", "name", "args"),
    [("sys-01", "systems:detail", ["SYS-01"]), ("EV-001", "evidence:detail", ["EV-001"])],
)
def test_a_code_leads_straight_there(aims: Aims, officer: Actor, code: str, name: str, args: list[str]) -> None:
    everything(officer, "Zebra")
    answer = signed_in(officer).get(reverse("desk:search", args=[aims.slug]), {"q": f" {code} "})
    assert (answer.status_code, answer["Location"]) == (302, reverse(name, args=[aims.slug, *args]))


def test_a_control_is_shown_in_the_workbench(aims: Aims, officer: Actor) -> None:
    answer = signed_in(officer).get(reverse("desk:search", args=[aims.slug]), {"q": "a.6.2.4"})
    assert answer["Location"] == f"{reverse('soa:workbench', args=[aims.slug])}?control=A.6.2.4"


def test_nothing_of_another_organisation_is_found(aims: Aims, officer: Actor) -> None:
    other, stranger = an_organisation()
    with acting_in(other, stranger):
        everything(stranger, "Canary")
    page = found(officer, aims, "Canary")
    assert "Nothing has “Canary” in its code, title or words" in page
    assert "Canary minutes" not in page


@pytest.mark.parametrize("text", ["", "   ", "\x00", "%", "_", "'; drop table", "<script>x</script>", "x" * 500])
def test_odd_texts_find_nothing_and_break_nothing(aims: Aims, officer: Actor, text: str) -> None:
    everything(officer, "Zebra")
    page = found(officer, aims, text)
    assert "Zebra" not in page
    assert "<script>x" not in page


def test_twenty_of_a_kind_at_the_same_cost(aims: Aims, officer: Actor) -> None:
    client, place = signed_in(officer), reverse("desk:search", args=[aims.slug])
    everything(officer, "Zebra")
    with CaptureQueriesContext(connection) as few:
        client.get(place, {"q": "Zebra"})
    for _number in range(30):
        everything(officer, "Zebra")
    with CaptureQueriesContext(connection) as many:
        page = client.get(place, {"q": "Zebra"}).content.decode()
    assert len(few) == len(many)
    assert page.count("Zebra minutes") == 20
    assert "the first 20" in page


def test_words_in_files_are_found_with_their_passage(aims: Aims, officer: Actor) -> None:
    text = b"Minutes\nThe works\ncouncil agreed to the assistant on 3 June, with two conditions."
    an_evidence(actor=officer, name="minutes.txt", data=text, title="Meeting")
    examined()
    page = found(officer, aims, "works council agreed")
    assert "The works council agreed to the assistant" in page
    assert "minutes.txt" in page
