"""The shipped set: each policy passes the good record and fails on what it is about, in exactly these words."""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.engine import Judgement, State, judge
from policies.files import SHIPPED, shipped
from policies.metadata import metadata_of
from systems.record.places import put
from systems.record.schema import misfits, schema, walk
from tests.policies.records import GOOD, good

TODAY = date(2026, 6, 18)
CATALOGUE = Path(__file__).resolve().parents[2] / "fixtures" / "catalogue" / "iso42001.yaml"
CONTROLS = set(re.findall(r"(?:code: |code: \")(A\.[0-9.]+)", CATALOGUE.read_text(encoding="utf-8")))

BROKEN: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("broken.yaml").read_text(encoding="utf-8"))
CASES = [(name, case["places"], case["messages"]) for name, cases in BROKEN.items() for case in cases]
NAMES = sorted(source.name.removesuffix(".rego") for source in shipped())


@pytest.fixture(scope="module")
def judged() -> Judgement:
    """The good record and every broken one, judged by all policies in one child."""
    return judge(shipped(), [good(), *(good(**places) for _name, places, _messages in CASES)], today=TODAY)


def test_every_policy_is_used_and_has_a_case(judged: Judgement) -> None:
    assert judged.faults == []
    assert len(NAMES) >= 20
    assert sorted(BROKEN) == NAMES
    assert sorted(judged.packages) == [f"iso42001.{name}" for name in NAMES]


def test_the_good_record_fits_and_passes(judged: Judgement) -> None:
    assert misfits(GOOD) == []
    assert {name: outcome.messages for name, outcome in judged.outcomes[0].items() if outcome.messages} == {}


@pytest.mark.parametrize(
    "number", range(len(CASES)), ids=[f"{name}-{number}" for number, (name, *_) in enumerate(CASES)]
)
def test_a_broken_record_fails_in_these_words(judged: Judgement, number: int) -> None:
    name, _places, messages = CASES[number]
    outcome = judged.outcomes[number + 1][f"iso42001.{name}"]
    assert (outcome.state, sorted(outcome.messages)) == (State.FAILED, messages)


def test_messages_name_a_place_of_the_schema(judged: Judgement) -> None:
    known = {".".join(map(str, path)) for path, _rule in walk(schema(), ())}
    places = {
        "".join(part for part in denial.field.replace("[", "]").split("]") if not part.isdigit())
        for outcomes in judged.outcomes
        for outcome in outcomes.values()
        for denial in outcome.denials
    }
    assert places <= known
    assert len(places) > 25


def emptied() -> Iterator[dict[str, Any]]:
    """The good record with each place of the schema empty in every way that the schema allows."""
    for path, rule in walk(schema(), ()):
        kinds = {"null": [None], "array": [[], [{}], [""]], "object": [{}], "string": [""]}
        for kind in [rule["type"]] if isinstance(rule["type"], str) else rule["type"]:
            for value in kinds.get(kind, []):
                record = deepcopy(GOOD)
                try:
                    put(record, path, value)
                except TypeError:
                    continue
                if not misfits(record):
                    yield record


def test_no_policy_falls_over_a_record_that_fits_the_schema() -> None:
    records = list(emptied())
    told = judge(shipped(), records, today=TODAY)
    wrong = {
        outcome.error for outcomes in told.outcomes for outcome in outcomes.values() if outcome.state == State.ERROR
    }
    assert len(records) > 100
    assert wrong == set()


@pytest.mark.parametrize("source", shipped(), ids=lambda source: source.name)
def test_the_metadata_is_whole_and_names_real_controls(source: Any) -> None:
    metadata = metadata_of(source.text)
    assert metadata.lacks == ()
    assert metadata.description
    assert set(metadata.controls) <= CONTROLS


def test_the_folder_holds_nothing_that_would_be_left_out() -> None:
    assert len(list(SHIPPED.iterdir())) == len(shipped())
