"""Composition rules as pure functions: what they come to, what they hang on, and what is no rule."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from systems.lifecycle import composition
from systems.lifecycle.composition import (
    DEFAULT,
    MOST_WAYS,
    AllOf,
    AnyOf,
    BadRule,
    Given,
    Leaf,
    Quorum,
    Rule,
    Within,
    holds,
    judge,
    leaves,
    open_authorities,
    read,
    takes_a_person,
    written,
)

APPROVER, DPO, OWNER = Leaf("role", "approver"), Leaf("function", "dpo"), Leaf("role", "owner")
LOGS, BIAS = Leaf("check", "logging"), Leaf("check", "bias")
PLACES = ("EU", "UK")

_leaf = st.sampled_from([APPROVER, DPO, OWNER, LOGS, BIAS, Leaf("role", "approver", 2), Leaf("mandatory")])


def _always(parts: tuple[Rule, ...]) -> int:
    """How many parts count everywhere."""
    return sum(composition.applying(part, ()) is not None for part in parts)


def _above(parts: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    some = st.lists(parts, min_size=1, max_size=4).map(tuple)
    quorum = some.filter(_always).flatmap(
        lambda found: st.builds(Quorum, st.integers(1, _always(found)), st.just(found))
    )
    within = st.tuples(st.lists(st.sampled_from(PLACES), min_size=1, max_size=2).map(tuple), parts)
    return some.map(AllOf) | some.map(AnyOf) | quorum | within.map(lambda pair: Within(*pair))


rules = st.recursive(_leaf, _above, max_leaves=9)
places = st.sets(st.sampled_from(PLACES))
facts = st.builds(
    Given,
    st.frozensets(st.sampled_from(["logging", "bias", "record"])),
    st.frozensets(st.sampled_from(["logging", "record"])),
    st.dictionaries(st.sampled_from(["role:approver", "function:dpo", "role:owner"]), st.integers(0, 3)).map(
        lambda said: tuple(sorted(said.items()))
    ),
)


@settings(max_examples=150, deadline=None)
@given(rules, places, facts)
def test_a_verdict_names_what_it_hangs_on(rule: Rule, where: set[str], given_: Given) -> None:
    verdict = judge(rule, where, given_)
    asked = composition.applying(composition._spelled_out(rule, given_.mandatory), where) or AllOf(())
    true = frozenset(leaf for leaf in leaves(asked) if composition._is_true(leaf, given_))
    assert verdict.is_satisfied == holds(asked, true)
    if not verdict.is_satisfied:
        assert verdict.missing
        assert holds(asked, true | set(verdict.missing))
        assert not true & set(verdict.missing)
        return
    assert set(verdict.necessary) == {leaf for leaf in true if not holds(asked, true - {leaf})}
    assert verdict.sufficient
    for way in map(set, verdict.sufficient):
        assert holds(asked, frozenset(way))
        assert all(not holds(asked, frozenset(way - {leaf})) for leaf in way)
        assert set(verdict.necessary) <= way
    if len(verdict.sufficient) < MOST_WAYS // 2:
        assert set.intersection(*map(set, verdict.sufficient)) == set(verdict.necessary)


@settings(max_examples=100, deadline=None)
@given(rules, places, facts, st.sampled_from(["role:approver", "function:dpo", "role:owner"]))
def test_another_signature_never_takes_agreement_away(rule: Rule, where: set[str], given_: Given, who: str) -> None:
    more = dict(given_.signed) | {who: dict(given_.signed).get(who, 0) + 1}
    later = Given(given_.met, given_.mandatory, tuple(sorted(more.items())))
    assert judge(rule, where, later).is_satisfied >= judge(rule, where, given_).is_satisfied


@settings(max_examples=100, deadline=None)
@given(rules)
def test_a_rule_is_read_as_it_was_written(rule: Rule) -> None:
    try:
        found = read(written(rule))
    except BadRule:
        assume(False)  # too deep to be kept
    assert found == rule


@settings(max_examples=100, deadline=None)
@given(rules)
def test_a_rule_that_takes_a_person_is_never_satisfied_without_one(rule: Rule) -> None:
    if takes_a_person(rule):
        everything = Given(frozenset({"logging", "bias", "record"}), frozenset({"record"}))
        cases = [set(some) for size in range(3) for some in combinations(PLACES, size)]
        assert not any(judge(rule, case, everything).is_satisfied for case in cases)


def test_the_default_asks_for_an_approver_and_every_mandatory_check() -> None:
    ready = Given(frozenset({"record"}), frozenset({"record"}))
    assert takes_a_person(DEFAULT)
    assert judge(DEFAULT, (), ready).missing == (APPROVER,)
    verdict = judge(DEFAULT, (), Given(ready.met, ready.mandatory, (("role:approver", 1),)))
    assert verdict.is_satisfied
    assert set(verdict.necessary) == {APPROVER, Leaf("check", "record")}
    short = judge(DEFAULT, (), Given(frozenset(), frozenset({"record"}), (("role:approver", 1),)))
    assert short.missing == (Leaf("check", "record"),)


@pytest.mark.parametrize(
    ("where", "asked"),
    [((), False), (("EU",), True), (("eu-west-1",), True), (("eurasia",), False), (("UK", "Eu"), True)],
)
def test_a_jurisdiction_counts_where_the_system_runs(where: tuple[str, ...], *, asked: bool) -> None:
    rule = AllOf((APPROVER, Within(("EU",), DPO)))
    signed = Given(frozenset(), frozenset(), (("role:approver", 1),))
    assert judge(rule, where, signed).is_satisfied is not asked
    assert open_authorities(rule, where, signed) == ((DPO,) if asked else ())


def test_a_quorum_says_which_two_of_three_sufficed() -> None:
    rule = Quorum(2, (APPROVER, DPO, OWNER))
    names = ("role:approver", "function:dpo", "role:owner")
    verdict = judge(rule, (), Given(frozenset(), frozenset(), tuple(sorted((name, 1) for name in names))))
    assert verdict.is_satisfied
    assert verdict.necessary == ()
    assert len(verdict.sufficient) == 3
    one = judge(rule, (), Given(frozenset(), frozenset(), (("function:dpo", 1),)))
    assert one.rest == Quorum(1, (APPROVER, OWNER))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "object"),
        ({}, "says all"),
        ({"all": []}, "between 1 and 12"),
        ({"role": "auditor"}, "Nobody signs"),
        ({"role": "approver", "people": 0}, "Between 1 and 9"),
        ({"role": "approver", "extra": 1}, "knows no extra"),
        ({"quorum": 3, "of": [{"role": "approver"}, {"where": ["EU"], "rule": {"role": "owner"}}]}, "count everywhere"),
        ({"where": [], "rule": {"role": "approver"}}, "jurisdictions"),
        ({"quorum": 1, "of": [{"all": [{"where": ["EU"], "rule": {"role": "owner"}}]}]}, "count everywhere"),
        ({"checks": "all"}, "mandatory"),
        ({"function": " "}, "Name the function"),
        ({"all": [{"all": [{"all": [{"all": [{"all": [{"role": "owner"}]}]}]}]}]}, "nested"),
        ({"all": [{"any": [{"check": str(n)} for n in range(12)]} for _turn in range(4)]}, "at most 40"),
    ],
)
def test_what_is_no_rule_is_refused_in_words(data: Any, words: str) -> None:
    with pytest.raises(BadRule, match=words):
        read(data)


def test_a_rule_that_checks_alone_could_satisfy_takes_nobody() -> None:
    assert not takes_a_person(AnyOf((APPROVER, LOGS)))
    assert not takes_a_person(Within(("EU",), APPROVER))
    assert takes_a_person(AnyOf((APPROVER, AllOf((LOGS, DPO)))))
