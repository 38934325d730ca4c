"""What all doors share: tokens, scopes, versions, problems, and input that no database holds."""

import json
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts import clock
from accounts.actor import Actor
from aims.actions import revoke_token
from aims.models import Aims
from systems.models import AiSystem
from tests.api.make import Machine, a_machine
from tests.make import an_organisation, signed_in
from tests.systems.make import a_system

PROBLEM = "application/problem+json"


@pytest.fixture
def machine(aims: Aims, officer: Actor) -> Machine:
    """The officer's own token, in an AIMS with one system."""
    a_system(officer, name="Helper")
    return a_machine(aims, officer)


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), answer.content
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert {"type", "title", "detail"} <= body.keys()
    return body


def test_without_a_token_one_is_asked_for(aims: Aims) -> None:
    answer = Client().get(f"/api/v1/a/{aims.slug}/systems/")
    problem(answer, 401)
    assert answer["WWW-Authenticate"] == 'Bearer realm="assay"'


@pytest.mark.parametrize("secret", ["", "nonsense", "assay_nonsense", "assay_\x00", "assay_" + "x" * 5000, "assay_é"])
def test_a_wrong_token_opens_nothing(aims: Aims, secret: str) -> None:
    headers = {"authorization": f"Bearer {secret}"}
    problem(Client().get(f"/api/v1/a/{aims.slug}/systems/", headers=headers), 401)


def test_a_revoked_token_opens_nothing(machine: Machine, officer: Actor) -> None:
    assert machine.read("systems/").status_code == 200
    revoke_token(machine.token, actor=officer)
    problem(machine.read("systems/"), 401)


def test_an_expired_token_opens_nothing(machine: Machine) -> None:
    with time_machine.travel(machine.token.expires_at, tick=False):
        assert clock.now() == machine.token.expires_at
        problem(machine.read("systems/"), 401)


def test_another_aims_is_not_there(machine: Machine) -> None:
    theirs, _founder = an_organisation()
    foreign = machine.get(f"/api/v1/a/{theirs.slug}/systems/")
    missing = machine.get("/api/v1/a/no-such-organisation/systems/")
    assert problem(foreign, 404) == problem(missing, 404)


def test_a_read_token_does_not_write(aims: Aims, officer: Actor, machine: Machine) -> None:
    reader = a_machine(aims, officer, scopes=["read"])
    assert reader.read("systems/SYS-01/").status_code == 200
    problem(reader.act("systems/SYS-01/", {"name": "X"}, seen="*", verb="patch"), 403)
    assert AiSystem.objects.get().name == "Helper"


def test_a_write_token_does_not_read(aims: Aims, officer: Actor, machine: Machine) -> None:
    problem(a_machine(aims, officer, scopes=["write"]).read("systems/"), 403)


def test_a_reader_who_has_the_version_is_told_so(machine: Machine) -> None:
    tag = machine.tag("systems/SYS-01/")
    answer = machine.get(f"{machine.base}systems/SYS-01/", headers={"if-none-match": f'"0", W/{tag}'})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert machine.get(f"{machine.base}systems/SYS-01/", headers={"if-none-match": '"0"'}).status_code == 200


def test_what_stands_beside_a_row_changes_its_tag_and_not_its_version(machine: Machine) -> None:
    before = machine.tag("systems/SYS-01/")
    assert machine.act("systems/SYS-01/reliances/", {"control": "A.6.2.4"}).status_code == 201
    assert machine.tag("systems/SYS-01/") != before
    assert machine.act("systems/SYS-01/", {"name": "Other"}, seen=before, verb="patch").status_code == 200


def test_a_write_says_which_version_it_saw(machine: Machine) -> None:
    problem(machine.act("systems/SYS-01/", {"name": "X"}, verb="patch"), 428)
    assert AiSystem.objects.get().name == "Helper"


@pytest.mark.parametrize("seen", ['"7"', '"0"', "1", 'W/"2"', '"1-xyz"', "nonsense", '"' + "9" * 400 + '"'])
def test_a_version_that_is_not_the_row_s_changes_nothing(machine: Machine, seen: str) -> None:
    body = problem(machine.act("systems/SYS-01/", {"name": "X"}, seen=seen, verb="patch"), 412)
    assert body["offered"] == {"name": "X"}
    assert body["current"] == {"name": "Helper", "version": 1}
    assert AiSystem.objects.get().name == "Helper"


def test_of_two_writers_one_wins(machine: Machine) -> None:
    tag = machine.tag("systems/SYS-01/")
    assert machine.act("systems/SYS-01/", {"name": "First"}, seen=tag, verb="patch").status_code == 200
    body = problem(machine.act("systems/SYS-01/", {"name": "Second"}, seen=tag, verb="patch"), 412)
    assert (body["current"]["name"], body["offered"]["name"]) == ("First", "Second")
    assert machine.act("systems/SYS-01/", {"name": "Third"}, seen="*", verb="patch").status_code == 200


BAD = {
    "no json": b"{",
    "not text": b"\xff\xfe{}",
    "NaN": b'{"name": NaN}',
    "infinite": b'{"name": 1e999}',
    "huge": b'{"name": ' + b"9" * 6000 + b"}",
    "past 2^53": b'{"name": 9007199254740993}',
    "NUL": b'{"name": "a\\u0000b"}',
    "NUL in a key": b'{"a\\u0000b": 1}',
    "half a character": b'{"name": "\\ud800"}',
    "deep": b"[" * 100_000,
    "deep enough": b"[" * 40 + b"]" * 40,
    "a list": b"[1]",
    "a number for text": b'{"name": 1}',
    "a list for text": b'{"name": ["x"]}',
    "too long": json.dumps({"name": "x" * 161}).encode(),
    "an unknown role": b'{"roles_played": ["wizard"]}',
    "a mapping for a list": b'{"roles_played": {"a": 1}}',
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_what_cannot_be_read_is_a_problem_and_no_error(machine: Machine, body: bytes) -> None:
    place, headers = f"{machine.base}systems/SYS-01/", {"if-match": "*"}
    problem(machine.patch(place, body, content_type="application/json", headers=headers), 400)
    assert AiSystem.objects.get().version == 1


def test_a_body_of_more_than_a_megabyte_is_not_read(machine: Machine) -> None:
    body = json.dumps({"purpose": "x" * 1024 * 1024}).encode()
    answer = machine.patch(f"{machine.base}systems/SYS-01/", body, content_type="application/json")
    problem(answer, 413)


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "nonsense", "multipart/form-data"]
)
def test_other_media_types_are_not_read(machine: Machine, media: str) -> None:
    answer = machine.patch(f"{machine.base}systems/SYS-01/", b"name=x", content_type=media, headers={"if-match": "*"})
    problem(answer, 415)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"page_size": "0"}, 400),
        ({"page_size": "9999999999"}, 400),
        ({"page_size": "x"}, 400),
        ({"cursor": "x"}, 404),
        ({"cursor": "cD1h"}, 404),  # p=a
        ({"cursor": "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk="}, 404),  # p=9999999999999999999999999
        ({"cursor": "cD0AAA=="}, 404),  # p=NUL
        ({"cursor": "é"}, 404),
        ({"stage": "dreaming"}, 400),
        ({"q": "a\x00b"}, 400),
        ({"owner": "a\x00b"}, 400),
    ],
)
def test_a_query_that_means_nothing_is_a_problem(machine: Machine, query: dict[str, str], status: int) -> None:
    problem(machine.read("systems/", **query), status)


@pytest.mark.parametrize("place", ["systems/SYS-99/", "systems/%00/", "systems/a%0Ab/", "systems", "nothing/", ""])
def test_an_address_that_is_none_is_a_problem(machine: Machine, place: str) -> None:
    problem(machine.get(machine.base + place), 404)
    problem(machine.post(machine.base + place), 404) if "SYS" not in place else None


def test_other_methods_are_told_which_there_are(machine: Machine) -> None:
    for verb in (machine.put, machine.delete, machine.options):
        answer = verb(f"{machine.base}systems/SYS-01/")
        problem(answer, 405)
        assert set(answer["Allow"].split(", ")) == {"GET", "PATCH", "HEAD"}


def test_only_json_is_answered(machine: Machine) -> None:
    problem(machine.get(f"{machine.base}systems/", headers={"accept": "text/html"}), 406)
    assert machine.get(f"{machine.base}systems/?format=api").status_code == 200


def test_a_session_may_be_used_and_is_guarded_against_forgery(machine: Machine, aims: Aims, officer: Actor) -> None:
    assert signed_in(officer).get(f"{machine.base}systems/").status_code == 200
    client = Client(enforce_csrf_checks=True)
    client.force_login(machine.token.user)
    answer = client.post(f"{machine.base}systems/", {"name": "X", "purpose": "Y"}, content_type="application/json")
    problem(answer, 403)
    assert AiSystem.objects.count() == 1


def test_the_address_of_every_request_is_on_its_answer(machine: Machine) -> None:
    assert machine.read("systems/")["X-Request-Id"]


def test_a_token_opens_no_page(machine: Machine, aims: Aims) -> None:
    answer = machine.get(f"/a/{aims.slug}/systems/")
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/")
