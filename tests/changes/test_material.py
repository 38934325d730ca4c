"""What is material: the rules as data, and properties that hold whatever differs."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from changes.material import DEMANDS, FILE, KINDS, NotRules, demanded_of, judge, rules, rules_of
from changes.places import place_of
from systems.record.places import put
from systems.record.schema import schema, walk
from tests.changes.make import RECORD

# One place, what it becomes, the kinds it means and what they demand.
CASES: list[tuple[tuple[str, ...], Any, set[str], set[str]]] = [
    (("model", "version"), "2.7.1", {"model"}, {"evaluation", "canary", "approval"}),
    (("model", "provider"), "Halden", {"model", "supplier"}, {"evaluation", "canary", "approval"}),
    (("prompts",), [{"name": "system", "version": "3"}], {"prompt"}, {"evaluation", "canary", "approval"}),
    (("tools",), [{"name": "mail", "access": "reads and sends"}], {"tool"}, {"evaluation", "canary", "approval"}),
    (("data", "sources"), [{"name": "CVs", "kind": "files"}], {"data"}, {"evaluation", "approval"}),
    (("data", "sources"), [{"name": "CVs", "pii": True}], {"data"}, {"evaluation", "assessment", "approval"}),
    (("classification", "data_sensitivity"), "special", {"data"}, {"assessment", "approval"}),
    (("classification", "purpose"), "Rejects candidates", {"purpose"}, {"assessment", "approval"}),
    (("classification", "intended_users"), ["managers"], {"users"}, {"assessment", "approval"}),
    (("classification", "automation"), "decides-alone", {"automation"}, {"assessment", "approval"}),
    (("deployment", "regions"), ["eu-west-1", "us-east-1"], {"region"}, {"assessment", "approval"}),
    (("suppliers",), [{"name": "Halden"}], {"supplier"}, {"approval"}),
]
IMMATERIAL: list[tuple[tuple[str, ...], Any]] = [
    (("contact",), "desk@example.org"),
    (("model", "version_pinned"), True),
    (("model", "colour"), "blue"),
    (("tools",), [{"name": "mail", "access": "reads", "colour": "blue"}]),
    (("classification", "purpose"), "  Ranks \n candidates "),
    (("deployment", "regions"), ["eu-west-1", ""][:1]),
    (("governance", "next_review"), "2026-09-01"),
]


def changed(place: tuple[str, ...], value: Any, record: dict[str, Any] = RECORD) -> dict[str, Any]:
    """A record with something else at one place."""
    after = deepcopy(record)
    put(after, place, value)
    return after


@pytest.mark.parametrize(("place", "value", "kinds", "demands"), CASES)
def test_each_kind_demands_what_the_rules_say(
    place: tuple[str, ...], value: Any, kinds: set[str], demands: set[str]
) -> None:
    judged = judge(RECORD, changed(place, value))
    assert (set(judged.kinds), set(judged.demands)) == (kinds, demands)
    assert judged.differences


@pytest.mark.parametrize(("place", "value"), IMMATERIAL)
def test_formatting_and_unknown_fields_are_not_material(place: tuple[str, ...], value: Any) -> None:
    assert not judge(RECORD, changed(place, value))


def test_the_order_of_words_is_formatting_and_the_order_of_models_is_not() -> None:
    regions = changed(("deployment", "regions"), ["b", "a"])
    assert not judge(regions, changed(("deployment", "regions"), ["a", "b"]))
    models = [{"base_model": "first", "version": "1"}, {"base_model": "second", "version": "1"}]
    before, after = changed(("models",), models), changed(("models",), models[::-1])
    assert judge(before, after).kinds == ("model",)


def test_rows_that_cannot_be_told_apart_are_judged_by_what_they_hold() -> None:
    twice = [{"base_model": "a", "provider": "x"}, {"base_model": "a", "provider": "x"}]
    noted = [row | {"fallback_for": "peaks"} for row in twice]
    assert not judge(changed(("models",), twice), changed(("models",), noted))
    assert judge(changed(("models",), twice), changed(("models",), twice[:1])).kinds == ("model", "supplier")


def test_a_canary_is_asked_for_in_use_only() -> None:
    after = changed(("model", "version"), "3")
    assert judge(RECORD, after, stage="verification").demands == ("evaluation", "approval")
    assert judge(RECORD, after, stage="operation").demands == ("evaluation", "canary", "approval")


PLACES = st.sampled_from([(place, value) for place, value, *_rest in CASES] + IMMATERIAL)


@given(record=st.dictionaries(st.sampled_from(sorted(RECORD)), st.none() | st.sampled_from(list(RECORD.values()))))
@settings(max_examples=50)
def test_a_record_that_equals_itself_demands_nothing(record: dict[str, Any]) -> None:
    judged = judge(record, deepcopy(record))
    assert (judged.kinds, judged.demands, judged.differences) == ((), (), ())


@given(edits=st.lists(PLACES, max_size=5), more=PLACES)
@settings(max_examples=200)
def test_one_more_difference_takes_no_demand_away(
    edits: list[tuple[tuple[str, ...], Any]], more: tuple[tuple[str, ...], Any]
) -> None:
    after = RECORD
    for place, value in edits:
        after = changed(place, value, after)
    if any(more[0][: len(place)] == place or place[: len(more[0])] == more[0] for place, _value in edits):
        return  # it would take the place of a difference, not join it
    wider = changed(*more, after)
    fewer, all_of_them = judge(RECORD, after), judge(RECORD, wider)
    assert set(fewer.demands) <= set(all_of_them.demands)
    assert set(fewer.kinds) <= set(all_of_them.kinds)


@given(edits=st.lists(PLACES, max_size=4))
@settings(max_examples=100)
def test_what_is_planned_demands_at_least_what_the_edit_will(edits: list[tuple[tuple[str, ...], Any]]) -> None:
    after = RECORD
    for place, value in edits:
        after = changed(place, value, after)
    judged = judge(RECORD, after, stage="operation")
    assert set(judged.demands) <= set(demanded_of(judged.kinds, "operation"))


def test_every_place_of_the_rules_is_one_of_the_schema() -> None:
    known = {path for path, _rule in walk(schema(), ())}
    for rule in rules().rules:
        for place in rule.places:
            assert tuple(part for part in place if part != "[]") in known


def test_every_kind_and_demand_of_the_vocabulary_has_a_rule() -> None:
    assert {rule.kind for rule in rules().rules} == set(KINDS)
    assert set(rules().demands) == set(DEMANDS)
    assert rules().demands["approval"].is_always
    assert not rules().demands["approval"].may_be_waived


def test_rules_that_speak_of_strange_kinds_are_refused() -> None:
    data = YAML(typ="safe").load(FILE.read_text())
    with pytest.raises(NotRules, match="colour"):
        rules_of(data | {"rules": [{"kind": "colour", "places": ["name"], "demands": []}]})
    with pytest.raises(NotRules, match="prayer"):
        rules_of(data | {"rules": [{"kind": "model", "places": ["name"], "demands": ["prayer"]}]})


@pytest.mark.parametrize(
    ("path", "section", "label", "names"),
    [
        (("name",), "Identity", "Name", ("name",)),
        (("model", "version"), "Model", "Version in use", ("model", "version")),
        (("data", "sources", "CVs", "kind"), "Data", "Data sources, CVs, Kind", ("data", "sources", "kind")),
        (("models",), "Models in order", "Models in order", ("models",)),
        (("model", "colour"), "Model", "colour", ("model", "colour")),
    ],
)
def test_places_are_told_in_the_words_of_the_schema(
    path: tuple[str, ...], section: str, label: str, names: tuple[str, ...]
) -> None:
    place = place_of(path)
    assert (place.section, place.label, place.names) == (section, label, names)
