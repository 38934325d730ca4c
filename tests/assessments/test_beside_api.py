"""What stands beside assessments, through the API: screenings, remarks, co-authors, and the portfolio."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from accounts.roles import Role
from aims.models import Aims
from assessments.models import CoAuthor, Screening, SectionComment
from assessments.screening.questions import QUESTIONNAIRE
from tests.api.make import a_machine
from tests.assessments.make import a_complete_assessment, a_risk, a_system, an_approver, an_assessment
from tests.make import a_member


def _all(answer: str) -> dict[str, dict[str, dict[str, str]]]:
    return {"answers": {asked.code: {"answer": answer} for asked in QUESTIONNAIRE}}


def test_a_screening_from_its_beginning_to_its_assessment(aims: Aims, officer: Actor) -> None:
    client, system = a_machine(aims, officer), a_system(officer)
    begun = client.act("screenings/", {"system": system.code})
    assert begun.status_code == 201
    place = f"screenings/{begun.json()['code']}/"
    assert client.act(f"{place}answer/", _all("no")).status_code == 428
    early = client.act(f"{place}conclude/", {}, seen=client.tag(place))
    assert early.status_code == 422
    told = client.act(f"{place}answer/", _all("yes"), seen=client.tag(place)).json()
    assert {one["answer"] for one in told["answers"].values()} == {"yes"}
    stale = client.act(f"{place}answer/", _all("no"), seen='"1"')
    assert stale.status_code == 412
    concluded = client.act(f"{place}conclude/", {}, seen=client.tag(place)).json()
    assert (concluded["state"], concluded["outcome"]) == ("due", "full")
    assert concluded["reasons_in_words"]
    started = client.act(f"{place}start/")
    assert started.status_code == 201
    assert client.read(f"assessments/{started.json()['assessment']}/").json()["depth"] == "full"
    assert [one["code"] for one in client.read("screenings/", state="due").json()["results"]] == [begun.json()["code"]]


def test_a_screening_waits_and_goes_back_and_no_token_signs_it(aims: Aims, officer: Actor) -> None:
    client = a_machine(aims, officer)
    place = f"screenings/{client.act('screenings/', {'system': a_system(officer).code}).json()['code']}/"
    client.act(f"{place}answer/", _all("no"), seen=client.tag(place))
    client.act(f"{place}conclude/", {"because": "Nobody is touched."}, seen=client.tag(place))
    approver = a_machine(aims, an_approver(aims, officer))
    review = {"next_review_on": (clock.now().date() + timedelta(days=200)).isoformat()}
    assert approver.act(f"{place}sign/", review, seen=client.tag(place)).status_code == 403
    back = approver.act(f"{place}return/", {"reason": "Ask the clerks."}, seen=client.tag(place))
    assert (back.status_code, back.json()["state"]) == (200, "draft")
    assert Screening.objects.get().signed_at is None


def test_a_reader_begins_no_screening(aims: Aims, officer: Actor) -> None:
    auditor = a_machine(aims, a_member(aims, Role.AUDITOR, by=officer))
    system = a_system(officer)
    assert auditor.act("screenings/", {"system": system.code}).status_code == 403
    reading = a_machine(aims, officer, scopes=["read"])
    assert reading.act("screenings/", {"system": system.code}).status_code == 403
    assert not Screening.objects.exists()


def test_remarks_and_who_settles_them(aims: Aims, officer: Actor) -> None:
    client, row = a_machine(aims, officer), an_assessment(officer)
    place = f"assessments/{row.ref_code}/remarks/"
    made = client.act(place, {"section": "data", "text": "Which years?"})
    assert (made.status_code, made.json()["text"]) == (201, "Which years?")
    assert client.act(place, {"section": "nowhere", "text": "x"}).status_code == 400
    settle = f"{place}{made.json()['id']}/settle/"
    assert client.act(settle).status_code == 428
    auditor = a_machine(aims, a_member(aims, Role.AUDITOR, by=officer))
    assert auditor.act(settle, seen="*").status_code == 403
    assert auditor.act(place, {"section": "data", "text": "x"}).status_code == 403
    assert client.act(settle, seen='"1"').json()["settled_by"]["email"]
    assert client.act(settle, seen="*").status_code == 422
    other = an_assessment(officer)
    assert client.act(f"assessments/{other.ref_code}/remarks/{made.json()['id']}/settle/", seen="*").status_code == 404
    assert SectionComment.objects.get().settled_at is not None


def test_co_authors(aims: Aims, officer: Actor) -> None:
    client, row = a_machine(aims, officer), an_assessment(officer)
    owner = a_member(aims, Role.OWNER, by=officer)
    email = User.objects.get(pk=owner.user_id).email
    place = f"assessments/{row.ref_code}/co-authors/"
    assert a_machine(aims, owner).act(place, {"user": email}).status_code == 403
    made = client.act(place, {"user": email})
    assert (made.status_code, made.json()["user"]["email"]) == (201, email)
    assert client.act(place, {"user": email}).status_code == 422
    assert client.act(place, {"user": "nobody@elsewhere.example"}).status_code == 422
    assert len(client.read(place).json()["results"]) == 1
    assert client.act(f"{place}{made.json()['id']}/withdraw/", seen='"1"').status_code == 200
    assert client.read(place).json()["results"] == []
    assert CoAuthor.objects.get().withdrawn_at is not None


def test_the_portfolio(aims: Aims, officer: Actor) -> None:
    row = a_complete_assessment(officer, a_system(officer, "Ranker"))
    a_risk(officer)
    a_system(officer, "Unjudged")
    client = a_machine(aims, officer)
    told = client.read("assessments/portfolio/").json()
    assert [one["name"] for one in told["systems"]] == ["Ranker", "Unjudged"]
    assert told["systems"][0]["assessment"] == row.ref_code
    assert told["systems"][0]["now"] == {"band": "high", "score": 12}
    assert told["counts"]["now"] == {"low": 0, "moderate": 0, "high": 1, "severe": 0, "none": 1}
    cell = {"likelihood": 4, "severity": 3}
    assert told["impacts"] == [{"before": cell, "now": cell, "count": 1}]
    assert len(told["risks"]) == 1
    narrowed = client.read("assessments/portfolio/", q="unjud", state="none").json()
    assert [one["name"] for one in narrowed["systems"]] == ["Unjudged"]
    assert client.read("assessments/portfolio/", band="huge").status_code == 400


@pytest.mark.parametrize("place", ["screenings/", "assessments/portfolio/", "remarks", "co-authors"])
def test_lists_cost_the_same_with_many_rows(aims: Aims, officer: Actor, place: str) -> None:
    client, row = a_machine(aims, officer), an_assessment(officer)
    address = place if place.endswith("/") else f"assessments/{row.ref_code}/{place}/"

    def more(count: int) -> int:
        for number in range(count):
            client.act("screenings/", {"system": a_system(officer).code})
            client.act(f"assessments/{row.ref_code}/remarks/", {"section": "data", "text": f"{number}"})
        client.read(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.read(address).status_code == 200
        return len(asked)

    assert more(1) == more(4)
