"""The front door: where each person lands."""

from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.models import User
from accounts.roles import Role
from aims.actions import grant
from aims.models import Aims
from tests.audits.make import a_milestone
from tests.make import A_SEAT, a_member, a_person, an_organisation, signed_in


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_strangers_are_asked_to_sign_in(aims: Aims) -> None:
    answer = Client().get("/")
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_login"))


def test_a_member_of_one_organisation_goes_straight_in(aims: Aims, officer: Actor) -> None:
    answer = signed_in(officer).get("/")
    assert answer["Location"] == reverse("desk:overview", args=[aims.slug])


@pytest.mark.db_both
def test_a_member_of_several_chooses_and_sees_roles_and_the_next_audit(aims: Aims, officer: Actor) -> None:
    other, stranger = an_organisation("Elsewhere Ltd")
    with acting_in(other, stranger):
        grant(User.objects.get(pk=officer.user_id), Role.AUDITOR, actor=stranger)
        a_milestone(stranger)
    page = signed_in(officer).get("/").content.decode()
    for words in (aims.organisation, "Elsewhere Ltd", "Internal auditor", "Surveillance 1, 22 Sep 2026"):
        assert words in page
    assert reverse("desk:overview", args=[other.slug]) in page
    assert reverse("start") in page


def test_a_removed_organisation_is_no_choice(aims: Aims, officer: Actor) -> None:
    Aims.objects.filter(pk=aims.pk).update(removed_at=aims.created_at)
    page = signed_in(officer).get("/").content.decode()
    assert aims.organisation not in page
    assert "You hold no role in an organisation yet" in page


def test_somebody_without_any_role_is_offered_to_start(db: None) -> None:
    page = browser_of(a_person()).get("/").content.decode()
    assert "Start your own, or ask" in page
    assert reverse("start") in page


def test_a_certifier_is_not_offered_to_start(aims: Aims, officer: Actor) -> None:
    certifier = a_member(aims, Role.CERTIFIER, by=officer)
    other, stranger = an_organisation()
    with acting_in(other, stranger):
        grant(User.objects.get(pk=certifier.user_id), Role.CERTIFIER, valid_until=clock.now() + A_SEAT, actor=stranger)
    client = signed_in(certifier)
    assert reverse("start") not in client.get("/").content.decode()
    refused = client.get(reverse("start"))
    assert refused.status_code == 403
    assert "You are here to certify" in refused.content.decode()


def test_error_pages_stand_on_their_own() -> None:
    for name in ("500.html", "403_csrf.html"):
        page = render_to_string(name)
        assert "Go to overview" in page
        assert "assay.css" in page


def test_a_form_without_its_token_is_told_to_load_again(aims: Aims, officer: Actor) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(pk=officer.user_id))
    refused = client.post(reverse("start"), {"organisation": "X"})
    assert refused.status_code == 403
    assert "This page was open for too long" in refused.content.decode()


def test_the_choice_costs_one_query_for_each_organisation(aims: Aims, officer: Actor, on_postgres: bool) -> None:
    def cost(client: Client) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return sum("audits_milestone" in query["sql"] for query in queries.captured_queries)

    person: Any = User.objects.get(pk=officer.user_id)
    for expected in (2, 3):
        other, stranger = an_organisation()
        with acting_in(other, stranger):
            grant(person, Role.AUDITOR, actor=stranger)
        assert cost(signed_in(officer)) == expected
