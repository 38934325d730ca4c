"""The schema at its address, for anybody, and in the documentation."""

import json

import pytest
from django.test import Client

from ops.reference import DOCS
from systems.record.schema import FILE, schema


@pytest.mark.django_db
def test_anybody_reads_the_schema() -> None:
    answer = Client().get("/schemas/ai-system.json")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/schema+json"
    assert json.loads(answer.content) == schema()
    assert Client().post("/schemas/ai-system.json").status_code == 405


def test_the_documentation_has_the_same() -> None:
    assert (DOCS / "ai-system.schema.json").read_bytes() == FILE.read_bytes(), "Run `make reference`."
