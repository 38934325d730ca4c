"""Acts that bind take a person who has just confirmed who they are; what was sent waits, and a token cannot."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.models import Token, User
from accounts.refusals import StepUpNeeded
from aims.models import Aims
from ledger.events import known_events
from ledger.models import Record
from ops.reference import load_events
from tests.accounts.make import an_app, code_now, entered, unconfirmed
from tests.aims.test_tokens import a_token
from tests.make import PASSWORD, signed_in

STEP_UP = {
    "assessment.decided",
    "certificate.replaced",
    "change.approved",
    "change.refused",
    "function.named",
    "gate.ruled",
    "log.key_added",
    "log.resumed",
    "log.set_aside",
    "pack.asked",
    "provider.configured",
    "provider.withdrawn",
    "risk.accepted",
    "screening.signed",
    "signin.ruled",
    "system.move_signed",
    "text.erased",
    "token.issued",
    "treatment_plan.approved",
    "version.approved",
}
# Every other event that binds, or whose verb decides, signs, accepts or hands over, and why it needs none.
WITHOUT = {
    "certificate.made": "Assay makes the first certificate by itself, when the first report is signed",
    "incident.closed": "closing lets nothing back into operation: that move is signed with a confirmation of its own",
    "membership.granted": "ends the sessions it concerns, shows on the people page and is taken back in one step",
    "notification.not_due": "says of one duty why it does not bind; the record keeps who said so",
    "pack.made": "the worker finishes what a confirmed person asked for",
    "person.joined": "the person shows the link that was mailed to them",
    "soa.exclusion_renewed": "a row is no approval: the version that holds it is approved with a confirmation",
    "suggestion.accepted": "links a document as any writer may by hand; the link is taken back in one step",
    "soa.decided": "a row is no approval: the version that holds it is approved with a confirmation",
    "soa.system_decided": "a row is no approval: the version that holds it is approved with a confirmation",
    "version.submitted": "asks for a decision and decides nothing",
}
DECIDING = {"accept", "add key", "approve", "decide", "decide per system", "erase", "grant", "issue", "make", "publish"}
DECIDING |= {"replace", "resume", "set aside", "sign"}
TOKEN = {"name": "CI  job", "kind": "personal", "scopes": ["read", "write"]}


def asked_token(aims: Aims) -> dict[str, object]:
    return TOKEN | {"aims": aims.slug, "expires_on": (clock.now() + timedelta(days=30)).date().isoformat()}


def test_every_deciding_verb_is_confirmed_or_says_why_not() -> None:
    load_events()
    known = known_events()
    assert {name for name, kind in known.items() if kind.steps_up} == STEP_UP
    deciding = {name for name, kind in known.items() if kind.binds or kind.verb in DECIDING}
    assert WITHOUT.keys() <= known.keys()
    assert deciding - STEP_UP - WITHOUT.keys() == set(), "Declare steps_up=True beside the verb, or say here why not."


@pytest.mark.db_both
def test_an_act_waits_for_the_confirmation_and_then_goes_on_as_sent(aims: Aims, officer: Actor) -> None:
    client, sent = unconfirmed(signed_in(officer)), asked_token(aims)
    stopped = client.post(reverse("token_issue"), sent, headers={"Referer": "http://testserver/me/"})
    way = stopped["Location"]
    assert way.startswith("/accounts/confirm/?next=%2Faccounts%2Fconfirm%2F")
    assert not Token.objects.exists()
    asks = client.get(way)["Location"]
    assert asks.startswith("/accounts/confirm/password/?next=")
    after = asks.partition("next=")[2].replace("%2F", "/")
    wrong = client.post("/accounts/confirm/password/", {"password": "wrong", "next": after})
    assert wrong.status_code == 422
    assert "not your current password" in wrong.content.decode()
    assert client.post("/accounts/confirm/password/", {"password": PASSWORD, "next": after})["Location"] == after
    page = client.get(after).content.decode()
    assert 'action="/me/tokens/"' in page
    for value in ("CI  job", aims.slug, "read", "write"):
        assert f">\n{value}</textarea>" in page
    assert client.post(reverse("token_issue"), sent).status_code == 201
    assert Token.objects.get().name == "CI  job"
    again = client.get(after, follow=True)
    assert "no longer kept" in again.content.decode()


def test_what_was_sent_waits_fifteen_minutes(aims: Aims, officer: Actor) -> None:
    client = unconfirmed(signed_in(officer))
    way = client.post(reverse("token_issue"), asked_token(aims))["Location"]
    after = way.partition("next=")[2].replace("%2F", "/")
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        client.post("/accounts/confirm/password/", {"password": PASSWORD})
        assert "no longer kept" in client.get(after, follow=True).content.decode()


def test_signing_in_counts_for_fifteen_minutes(aims: Aims, officer: Actor) -> None:
    with time_machine.travel(clock.now(), tick=False) as now:
        client = entered(User.objects.get(pk=officer.user_id))
        now.shift(timedelta(minutes=14))
        assert client.post(reverse("token_issue"), asked_token(aims)).status_code == 201
        now.shift(timedelta(minutes=2))
        assert client.post(reverse("token_issue"), asked_token(aims)).status_code == 302


def test_a_code_confirms_too_and_the_chain_tells_how(aims: Aims, officer: Actor) -> None:
    user = User.objects.get(pk=officer.user_id)
    an_app(user)
    client = entered(user)
    client.post("/accounts/code/", {"code": code_now()})
    client.post(reverse("token_issue"), asked_token(aims))
    told = json.loads(bytes(Record.objects.get(event="token.issued").body))
    assert told["actor"]["auth_method"] == "password+totp"
    page = unconfirmed(client).get("/accounts/confirm/", follow=True).content.decode()
    assert "Use a code from your authenticator app" in page


def test_a_part_of_a_page_leads_the_whole_page_to_the_confirmation(aims: Aims, officer: Actor) -> None:
    client = unconfirmed(signed_in(officer))
    answer = client.post(reverse("reports:pack_ask", args=[aims.slug]), headers={"HX-Request": "true"})
    assert answer.status_code in (204, 422)
    answer = client.post(reverse("reports:certificate_renew", args=[aims.slug]), headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"][:19]) == (204, "/accounts/confirm/?")


def test_a_file_is_asked_for_after_the_confirmation(aims: Aims, officer: Actor) -> None:
    client, page = unconfirmed(signed_in(officer)), reverse("reports:certificate", args=[aims.slug])
    assert 'type="file"' not in client.get(page).content.decode()
    assert 'type="file"' in signed_in(officer).get(page).content.decode()


def test_an_actor_of_a_token_or_an_old_session_records_no_such_act(aims: Aims, officer: Actor) -> None:
    for method in ("token assay_abc", "password"):
        with pytest.raises(StepUpNeeded, match="browser"):
            a_token(replace(officer, has_stepped_up=False, auth_method=method))
    assert not Token.objects.exists()


def test_leaving_the_address_alone_leads_nowhere_else(aims: Aims, officer: Actor) -> None:
    client = signed_in(officer)
    assert client.get("/accounts/confirm/?next=https://evil.example/")["Location"] == "/me/"
