"""The rules as data: each can be met, none asks for what is not there, and more facts never withdraw a proposal."""

from typing import Any

from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from aims.vocabulary import AiRole
from soa.models import INCLUDE_REASONS
from systems.applying.evaluate import asked_by, met_by, proposals, rules
from systems.applying.rules import Strength
from systems.record.reading import read
from systems.record.schema import misfits, schema, walk
from tests.systems.applying.make import Record, meeting, more, saying

CATALOGUE = YAML(typ="safe").load((settings.FIXTURES / "catalogue" / "iso42001.yaml").read_text(encoding="utf-8"))
ALL = list(rules().values())
WAYS = [(rule, way) for rule in ALL for way in rule.when]


def test_every_rule_is_met_by_some_record_of_the_schema() -> None:
    for rule, way in WAYS:
        record = meeting(way)
        assert rule in [met.rule for met in met_by(record)], rule.name
        assert [fault for fault in misfits(record) if "missing" not in fault.words] == [], rule.name


def test_every_place_and_word_of_a_rule_is_in_the_schema() -> None:
    places = dict(walk(schema(), ()))
    for condition in (condition for rule in ALL for way in rule.when for condition in way):
        assert set(condition.places) <= set(places)
        for place in condition.places:
            known = (
                places[place].get("enum")
                or places[place].get("x-values")
                or places[place].get("items", {}).get("x-values")
            )
            told = {word for word in condition.words or () if isinstance(word, str)}
            assert not known or len(condition.places) > 1 or told <= {str(word).casefold() for word in known}, place


def test_rules_ask_only_for_what_the_standard_has() -> None:
    kinds = {row["code"]: row["kind"] for row in CATALOGUE["requirements"]}
    for rule in ALL:
        assert rule.asks
        assert {kinds.get(code) for code in rule.asks} <= {"control", "clause"}, rule.name
        assert all(kinds[code] == "control" for code, how in rule.asks.items() if how is Strength.DEMANDS)
        assert rule.reason in ("", *INCLUDE_REASONS)
        assert "{system}" in rule.words


def test_roles_agree_with_the_catalogue() -> None:
    leaning = {
        (role, row["code"]) for row in CATALOGUE["requirements"] for role in row.get("roles_lean", ()) if row["code"]
    }
    told = {(rule.role, code) for rule in ALL for code in rule.asks if rule.role and code.startswith("A.")}
    assert told == leaning
    assert {rule.role for rule in ALL if rule.role} == set(AiRole.values)


def test_a_record_that_says_nothing_asks_for_nothing() -> None:
    nothing: list[Record] = [
        {},
        {"model": {"provider": ""}, "suppliers": []},
        saying(("data.training_sources", "none")),
    ]
    nothing += [saying(("model.provider", "in-house")), saying(("model.fine_tuned", False)), {"model": "text"}]
    nothing += [saying(("classification.data_sensitivity", "none")), saying(("data.training_sources", "none-at-all"))]
    for record in nothing:
        demanded = {code for code, how in asked_by(met.rule.name for met in met_by(record)).items() if how == "demands"}
        assert demanded == set(), record


def test_the_sentence_is_built_from_the_fact() -> None:
    record = {"suppliers": [{"name": "Talentgrid"}, {"name": "Halden"}, {"name": "C"}, {"name": "D"}]}
    found = {one.requirement: one for one in proposals([("SYS-02", record)], ["customer"])}
    assert found["A.10.3"].sentences == (
        "SYS-02 is supplied by Talentgrid, Halden, C and 1 more: suppliers are to be managed",
    )
    assert (found["A.10.3"].strength, found["A.10.3"].systems, found["A.10.3"].reason) == ("demands", ("SYS-02",), "CT")
    assert found["A.2.2"].sentences == ("The organisation plays the role AI customer (user)",)
    assert found["A.2.2"].systems == ()


def test_the_published_example_speaks_for_what_an_auditor_would_ask() -> None:
    text = b"""
id: a
classification: {data_sensitivity: pii, risk_tier: high, affected_parties: [customers]}
deployment: {environment: production}
model: {type: llm-rag, provider: example-provider}
data: {rag_sources: [{name: tickets, pii: true}]}
"""
    asked = asked_by(met.rule.name for met in met_by(read(text).record))
    demanded = {code for code, how in asked.items() if how is Strength.DEMANDS}
    assert demanded == {"A.4.3", "A.5.2", "A.5.4", "A.6.2.6", "A.7.2", "A.10.3"}
    assert "A.10.4" not in asked


pieces = st.lists(st.sampled_from([way for _rule, way in WAYS]), max_size=4)


def record_of(ways: list[Any]) -> Record:
    record: Record = {}
    for way in ways:
        record = more(record, meeting(way))
    return record


@given(pieces, pieces)
def test_more_facts_never_withdraw_a_proposal(some: list[Any], others: list[Any]) -> None:
    record = record_of(some)
    fuller = more(record, record_of(others))
    before, after = ({met.rule.name for met in met_by(one)} for one in (record, fuller))
    assert before <= after
    asked, asked_then = asked_by(before), asked_by(after)
    assert all(asked_then[code] in (how, Strength.DEMANDS) for code, how in asked.items())


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["a", "high", "production"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(sorted(schema()["properties"])), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(schema()["properties"])), values))
def test_what_no_rule_asks_for_is_never_proposed(record: Record) -> None:
    known = {code for rule in ALL for code in rule.asks}
    assert {one.requirement for one in proposals([("SYS-01", record)])} <= known
