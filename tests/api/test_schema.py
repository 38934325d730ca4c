"""The schema is complete, its reference page names every verb, and its page needs nothing from elsewhere."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.actor import Actor
from aims.models import Aims
from ops.reference import DOCS
from tests.make import signed_in
from tests.matrix.urls import INSIDE
from tests.routes import ROUTES

PREFIX = "/api/v1/a/{aims}/"
VERB = re.compile(r"^\| `((?:GET|POST|PATCH) \S+)` \|", re.M)


@pytest.fixture
def schema(db: None) -> Any:
    return Client().get("/api/v1/schema/", headers={"accept": "application/json"}).json()


def operations(schema: Any) -> dict[str, Any]:
    return {
        f"{verb.upper()} {path.removeprefix(PREFIX)}": told
        for path, verbs in schema["paths"].items()
        for verb, told in verbs.items()
    }


def test_the_schema_is_valid_and_warns_of_nothing(tmp_path: Any) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yaml"))
    assert (tmp_path / "schema.yaml").stat().st_size


def test_every_verb_is_on_its_page_and_none_that_is_gone(schema: Any) -> None:
    documented = VERB.findall((DOCS / "api.md").read_text(encoding="utf-8"))
    assert len(documented) == len(set(documented))
    assert set(documented) == set(operations(schema))


def test_the_schema_that_schemathesis_walks_leaves_no_door_out(schema: Any) -> None:
    """One operation for each method that the table of routes knows: what is not in the schema is never tried."""
    doors = [ROUTES[name] for name in INSIDE if name.startswith("api:")]
    assert len(operations(schema)) == sum(door.gets + bool(door.writers) for door in doors)


def test_every_verb_documents_its_answers(schema: Any) -> None:
    for name, told in operations(schema).items():
        answers = set(told["responses"])
        assert answers >= {"400", "401", "403", "404", "405", "406"}, name
        assert name.startswith("GET") or answers >= {"413", "415", "422"}, name
        needs = any(part["name"] == "If-Match" and part.get("required") for part in told["parameters"])
        assert not needs or answers >= {"409", "412", "428"}, name
        assert told["summary"], name
        for code in answers - {"200", "201", "202", "304"}:
            assert list(told["responses"][code]["content"]) == ["application/problem+json"], (name, code)


def test_enums_bear_the_names_of_the_vocabulary(schema: Any) -> None:
    names = {name for name, part in schema["components"]["schemas"].items() if "enum" in part}
    assert names >= {"Applicability", "Implementation", "Stage", "EvidenceKind", "ItemState", "VersionState"}
    assert not [name for name in names if re.search(r"[0-9a-f]{3}Enum$", name)]


def test_the_page_holds_no_script_or_style_of_its_own(aims: Aims, officer: Actor) -> None:
    client = signed_in(officer)
    page = client.get("/api/v1/docs/", headers={"accept": "text/html"})
    body = page.content.decode()
    assert (page.status_code, "<style" in body, "http" in body) == (200, False, False)
    assert re.findall(r"<script(?! src=)", body) == []
    script = client.get("/api/v1/docs/?script=")
    assert (script.status_code, script["Content-Type"]) == (200, "application/javascript")


def test_strangers_are_sent_to_sign_in(db: None) -> None:
    answer = Client().get("/api/v1/docs/", headers={"accept": "text/html"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/api/v1/docs/")
