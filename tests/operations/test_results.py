"""Files of results: ours, tables and what promptfoo writes; hostile and cut ones are refused with their reason."""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.refusals import Refusal
from operations.results.reading import MOST_BYTES, read_results


def a_test(*, success: bool = True, **more: Any) -> dict[str, Any]:
    parts = [
        {"pass": success, "score": 1, "reason": "", "assertion": {"type": "contains"}},
        {"pass": True, "score": 1, "reason": "", "assertion": {"type": "latency"}},
        {"pass": True, "score": 1, "reason": "", "assertion": {"type": "cost", "metricOnly": True}},
    ]
    graded = {"pass": success, "score": 1.0, "reason": "", "componentResults": parts}
    return {"success": success, "score": 0.5, "latencyMs": 100, "cost": 0.001, "gradingResult": graded} | more


def a_file(version: int = 3, **more: Any) -> dict[str, Any]:
    """What promptfoo writes for three tests, one of which failed."""
    results = {
        "version": version,
        "timestamp": "2026-06-01T10:00:00.000Z",
        "stats": {"successes": 2, "failures": 1} | ({"errors": 0} if version > 2 else {}),
        "results": [a_test(), a_test(), a_test(success=False, latencyMs=400)],
    }
    return {"evalId": "eval-abc", "results": results, "config": {"description": "Refunds"}, "shareableUrl": None} | more


@pytest.mark.parametrize("version", [2, 3, 4])
def test_a_file_of_promptfoo_becomes_a_run(version: int) -> None:
    told = read_results(json.dumps(a_file(version)).encode(), "results.json")
    assert (told.benchmark, told.source, told.key) == ("Refunds", "promptfoo", "promptfoo:eval-abc")
    assert told.metrics["pass_rate"] == Decimal("0.666666667")
    assert (told.metrics["score"], told.metrics["latency_ms"]) == (Decimal("0.5"), Decimal(200))
    assert told.metrics["cost"] == Decimal("0.003")
    assert told.counts == {"contains": {"passed": 2, "made": 3}, "latency": {"passed": 3, "made": 3}}
    assert told.done_at is not None
    assert told.done_at.isoformat() == "2026-06-01T10:00:00+00:00"
    assert len(told.sha256) == 64


def changed(**results: Any) -> bytes:
    body = a_file()
    body["results"] |= results
    return json.dumps(body).encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (changed(version=7), "version 2, 3 or 4"),
        (changed(version=True), "version 2, 3 or 4"),
        (changed(results=[a_test()]), "The stats count 3 tests"),
        (changed(stats={"successes": 3, "failures": 0}), "The stats count 3 tests"),
        (changed(stats=None), "no stats"),
        (changed(stats={"successes": "many", "failures": 1}), "no counts"),
        (changed(results=[]), "no results"),
        (changed(results="all"), "no results"),
        (changed(results=[a_test(), {"score": 1}, a_test()]), "Test 2"),
        (changed(results=[a_test(), a_test(), a_test(success=False, cost="free")]), "cost of test 3"),
        (changed(timestamp="noon"), "instant"),
        (json.dumps(a_file()).encode()[:-40], "cut off"),
        (b'{"results": {"stats": NaN}}', "number"),
        (b"[" * 100_000, "nested|cut off"),
        (b'{"metrics": {"recall": 0.9}, "luck": 1}', "luck"),
        (b'{"benchmark": "b", "metrics": {"recall": "many"}}', "recall"),
        (b'{"benchmark": 7, "metrics": {"recall": 1}}', "benchmark"),
        (b"[1, 2]", "no object"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"  ", "empty"),
        (b"x" * (MOST_BYTES + 1), "larger"),
        (b"metric,value\nrecall\n", "Line 2"),
        (b"recall,0.9\nrecall,0.8\n", "again"),
        (b'recall,"0.9\n', "table"),
    ],
)
def test_what_is_hostile_or_cut_is_refused_with_its_reason(data: bytes, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        read_results(data, "results.csv" if data[:1] in b"mr" else "results.json")


def test_a_table_says_metrics_and_what_they_are_of() -> None:
    data = (
        b"\xef\xbb\xbfmetric,value\r\nbenchmark,holdout\r\nrecall,0.93\r\nprecision,0.81\r\nmodel_version,2.7.1\r\n\r\n"
    )
    told = read_results(data, "results.csv")
    assert (told.benchmark, told.model_version, told.source) == ("holdout", "2.7.1", "uploaded")
    assert told.metrics == {"recall": Decimal("0.93"), "precision": Decimal("0.81")}


@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.json"]))
def test_no_bytes_do_more_than_be_refused(data: bytes, name: str) -> None:
    with suppress(Refusal):
        assert read_results(data, name).sha256


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["results", "stats", "success", "version", "gradingResult"]), inner)
        ),
        max_leaves=12,
    )
)
def test_no_shape_of_a_file_does_more_than_be_refused(part: Any) -> None:
    for body in ({"results": part}, a_file() | {"results": a_file()["results"] | {"results": [part]}}):
        with pytest.raises(Refusal):
            read_results(json.dumps(body).encode(), "results.json")
