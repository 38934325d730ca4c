"""The engine: what it says, what it refuses unread, and what it stops; the other policies always still speak."""

import os
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from policies.engine import Judgement, Limits, NoEngine, Source, State, inspect, judge
from policies.engine import running as engine_running

TODAY = date(2026, 6, 18)
QUICK = Limits(seconds=0.2)
GOOD = 'package good\ndeny contains "no bias test" if not input.governance.bias_test\n'
LOOP = "deny contains 1 if { some a in numbers.range(1, 30000 * %s); some b in numbers.range(1, 30000); a + b < 0 }"
SEND = 'http.send({"url": "http://127.0.0.1", "method": "get"})'
RECORD: dict[str, Any] = {"id": "a", "n": 1, "list": ["x", "y"], "nothing": None}


def told(*texts: str, records: int = 1, limits: Limits = QUICK) -> Judgement:
    """Judge a record by the good policy and these, called p0.rego and on."""
    sources = [Source("good.rego", GOOD), *(Source(f"p{number}.rego", text) for number, text in enumerate(texts))]
    return judge(sources, [RECORD] * records, today=TODAY, limits=limits)


def refused(text: str) -> str:
    """The one fault of a policy, after seeing that the good one was judged all the same."""
    found = told(text)
    assert found.outcomes == [{"good": found.outcomes[0]["good"]}]
    assert found.outcomes[0]["good"].messages == ("no bias test",)
    (fault,) = found.faults
    return str(fault)


def said(body: str) -> tuple[str, ...]:
    """The messages of a policy with this body."""
    found = told(f"package t\n{body}")
    assert found.faults == []
    return found.outcomes[0]["t"].messages


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ('deny contains "b" if true\ndeny contains "a" if true', ("a", "b")),
        ('deny contains {"msg": "m", "field": "x.y"} if true', ("m",)),
        ('deny := "one" if true', ("one",)),
        ('deny := ["msg", "b"]', ("msg", "b")),
        ("deny if input.n == 1", ("t denies without saying why.",)),
        ("default deny := false\ndeny if input.n == 2", ()),
        ('deny[m] if m := "as a key"', ("as a key",)),
        ('deny.one contains "deeper" if true', ("deeper",)),
        ('deny contains sprintf("%q of %d, %v", ["a\\"b", 3, {1}]) if true', ('"a\\"b" of 3, {1}',)),
        ('deny contains sprintf("%s is missing", [input.governance.x]) if true', ()),
        ("deny contains data.assay.today if true", ("2026-06-18",)),
        ("deny contains time.format(time.now_ns()) if true", ("2026-06-18T00:00:00Z",)),
        ('deny contains "é 😀" if true', ("é 😀",)),
        (
            'import future.keywords\ndeny contains "x" if { print(1); some s in input.list }',
            ("x",),
        ),
        ('deny contains "x" if { some s in input.governance.gone; s }', ()),
        ('deny contains "x" if { some net in [{"a": 1}]; count([1]) == 1 with input.x as net.a }', ("x",)),
        ('# http.send and opa.runtime() in a comment\ndeny contains "http.send" if true', ("http.send",)),
    ],
)
def test_what_deny_says(body: str, messages: tuple[str, ...]) -> None:
    assert said(body) == messages


def test_the_field_of_a_message_is_kept() -> None:
    denials = told('package t\ndeny contains {"msg": "m", "field": "x.y"}').outcomes[0]["t"].denials
    assert [(denial.message, denial.field) for denial in denials] == [("m", "x.y")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'package t\ndeny contains "x" if {SEND}.status_code == 200', "p0.rego:2: It asks for the network"),
        ('package t\ndeny contains "x" if net.lookup_ip_addr("a")', "network (net.lookup_ip_addr)"),
        ('package t\ndeny contains opa.runtime().env.HOME', "environment it runs in (opa.runtime)"),
        ('package t\ndeny contains opa["runtime"]().env.HOME', "environment it runs in (opa.runtime)"),
        ('package t\nimport data.lib as http\ndeny contains http.send({"url": "x"})', "network (http.send)"),
        ('package t\ndeny contains "x" if rand.intn("a", 2) == 1', "depends on chance (rand.intn)"),
        ('package t\ndeny contains uuid.rfc4122("a")', "depends on chance (uuid.rfc4122)"),
        ('package t\ndeny contains rego.parse_module("a", "package b")', "reads policies instead of the record"),
        ("package t\ndeny contains foo.bar(1)", "p0.rego:2: There is no function foo.bar here."),
        ("package t\ndeny contains gone(1)", "There is no function gone here."),
        ('package t\ndeny[msg] { msg := "x" }', "p0.rego:2: This is Rego of version 0:"),
        ('package t\nimport rego.v0\ndeny contains "x"', "It imports rego.v0."),
        ('deny contains "x"', "It has no package."),
        ("", "It has no package."),
        ('package t\ndeny contains "x" if {', "p0.rego:2: This is not Rego:"),
        ('package t\ndeny contains "x" if y > 1', "is unsafe"),
        ("package t\na if b\nb if a\ndeny contains 1 if a", "recursion detected"),
        ('package t\ndeny := "a"\ndeny := "b"', "conflicts with rule"),
        ('package assay\ntoday := "2020-01-01"\ndeny contains "x"', "It sets data.assay.today"),
        ("package t\n" + "# much\n" * 60_000, "It is longer than 256 KB."),
        ("package t\nf(x) := f(x)\ndeny contains f(1)", "It was stopped: it crashed"),
        ("package t\ndeny contains count(numbers.range(1, 900000000))", "It was stopped: it needs more than 768 MB"),
        ("package t\n" + LOOP % 1, "It was stopped: it takes longer than 0.2 seconds"),
    ],
)  # fmt: skip
def test_what_is_refused_before_it_judges(text: str, words: str) -> None:
    assert words in refused(text)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("deny contains 1", "p0.rego: deny must hold texts, or objects with a text `msg`."),
        ('deny contains {"msg": 5}', "deny must hold texts"),
        ('deny contains {"message": "m", "severity": "high"}', "deny must hold texts"),
        ('deny contains "x" if count(input.n) == 1', "p0.rego:2: it could not judge this record: `count` requires"),
        ("deny contains sprintf(\"%s %s\", [input.id])", "no argument specified for format verb"),
        ('deny contains concat("", [sprintf("%d", [n]) | some n in numbers.range(1, 30000)])', "more than 64 KB"),
        ("f(x) := f(x)\ndeny contains f(input.n)", "p0.rego: it was stopped: it crashed"),
        (LOOP % "input.n", "it takes longer than 0.2 seconds"),
        ("deny contains 1 if count(numbers.range(1, 900000000 * input.n)) == 1", "more than 768 MB of memory"),
    ],
)  # fmt: skip
def test_what_goes_wrong_with_a_record_is_an_error_of_that_policy_alone(body: str, words: str) -> None:
    found = told(f"package t\n{body}")
    assert found.faults == []
    assert found.outcomes[0]["good"].messages == ("no bias test",)
    outcome = found.outcomes[0]["t"]
    assert (outcome.state, words in outcome.error) == (State.ERROR, True)


def test_a_policy_is_stopped_for_good_after_some_records() -> None:
    loop = "package t\nf(x) := f(x)\ndeny contains f(input.n)"
    began = time.monotonic()
    found = told(loop, loop.replace("package t", "package u"), records=200)
    assert time.monotonic() - began < 10
    assert [outcomes["t"].state for outcomes in found.outcomes] == [State.ERROR] * 200
    assert [outcomes["u"].state for outcomes in found.outcomes] == [State.ERROR] * 200
    assert [outcomes["good"].state for outcomes in found.outcomes] == [State.FAILED] * 200


def test_one_record_that_takes_too_long_leaves_the_others_judged() -> None:
    text = "package t\nf(x) := f(x)\ndeny contains f(1) if input.n == 7\ndeny contains input.id if input.n != 7"
    records = [{"id": f"r{number}", "n": number} for number in range(12)]
    found = judge([Source("p.rego", text)], records, today=TODAY, limits=QUICK)
    states = [outcomes["t"].state for outcomes in found.outcomes]
    assert states == [State.ERROR if number == 7 else State.FAILED for number in range(12)]


def test_files_of_one_package_speak_together_and_share_functions() -> None:
    found = told(
        'package t\nimport data.lib\ndeny contains lib.said("a")',
        'package t\ndeny contains "b"\ndeny contains own("c")',
        'package t\nown(x) := sprintf("%s!", [x])',
        "package lib\nsaid(x) := upper(x)",
    )
    assert found.faults == []
    assert found.packages["t"] == ("p0.rego", "p1.rego")
    assert found.outcomes[0]["t"].messages == ("A", "b", "c!")


def test_a_child_sees_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY", "seen")
    seen: list[dict[str, str]] = []
    started = engine_running.subprocess.Popen

    def watched(*args: Any, **kwargs: Any) -> Any:
        seen.append(kwargs["env"])
        return started(*args, **kwargs)

    monkeypatch.setattr(engine_running.subprocess, "Popen", watched)
    told()
    assert seen == [{}]
    assert os.environ["CANARY"] == "seen"


def test_many_batches_are_judged_in_their_order() -> None:
    records: Iterator[dict[str, Any]] = ({"id": f"r{number}"} for number in range(7))
    found = judge([Source("p.rego", "package t\ndeny contains input.id")], records, today=TODAY, limits=Limits(batch=3))
    assert [outcomes["t"].messages for outcomes in found.outcomes] == [(f"r{number}",) for number in range(7)]


def test_what_no_record_can_hold_is_an_error_and_not_the_end() -> None:
    found = judge([Source("p.rego", GOOD)], [{"x": float("nan")}, {"x": "\ud800"}], today=TODAY)
    assert [outcomes["good"].state for outcomes in found.outcomes] == [State.ERROR, State.FAILED]


def test_without_the_engine_nothing_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_running, "find_spec", lambda _name: None)
    with pytest.raises(NoEngine, match="Nothing counts as passed"):
        told()


def test_inspecting_tells_the_package_and_what_is_wrong() -> None:
    assert inspect(Source("x.rego", GOOD)).about == {"x.rego": "good"}
    assert str(next(iter(inspect(Source("x.rego", "package")).faults))).startswith("x.rego:1: ")
