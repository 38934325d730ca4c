"""What `promptfoo eval --output results.json` writes, in the shapes of its versions 2 to 4.

A file holds `results` with `version`, `timestamp`, `stats` (successes, failures, errors since version 3) and `results`,
one for each test with success, score, latencyMs, cost and gradingResult; beside it `evalId` and `config`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from operations.actions.evaluate import Result
from operations.models import Source
from operations.values import PLACES, Unfit, decimal_of, instant_of

VERSIONS = (2, 3, 4)
MOST_TESTS = 100_000
MOST_KINDS = 200


def is_ours(body: Mapping[str, Any]) -> bool:
    """Whether an object looks like a file of promptfoo."""
    results = body.get("results")
    return isinstance(results, dict) and ("stats" in results or "results" in results)


def read(body: Mapping[str, Any]) -> Result:
    """Return the run as a result: pass rate, mean score, latency and cost, and assertions by kind; raises Unfit."""
    summary = body["results"]
    version = summary.get("version", body.get("version"))
    if version not in VERSIONS or isinstance(version, bool):
        raise Unfit(_("This is no result of promptfoo in version 2, 3 or 4."))
    tests = _tests(summary)
    passed = sum(test["success"] for test in tests)
    _hold_to_stats(summary.get("stats"), len(tests), passed)
    config = body.get("config")
    told = config.get("description") if isinstance(config, dict) else None
    key = body.get("evalId") or body.get("id") or ""
    return Result(
        benchmark=told.strip()[:160] if isinstance(told, str) else "",
        metrics=_metrics(tests, passed),
        done_at=_done_at(summary.get("timestamp") or body.get("createdAt")),
        key=f"promptfoo:{key}"[:100] if isinstance(key, str) and key else "",
        counts=_assertions(tests),
        source=Source.PROMPTFOO,
        metric="pass_rate",
    )


def _tests(summary: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    tests = summary.get("results")
    if not isinstance(tests, list) or not tests:
        raise Unfit(_("The file holds no results of tests."))
    if len(tests) > MOST_TESTS:
        raise Unfit(_("The file holds more than %s tests.") % MOST_TESTS)
    for place, test in enumerate(tests, start=1):
        if not isinstance(test, dict) or not isinstance(test.get("success"), bool):
            raise Unfit(_("Test %s does not say whether it succeeded.") % place)
    return tests


def _hold_to_stats(stats: Any, tests: int, passed: int) -> None:
    """Refuse a file whose own sums differ from its tests: something was cut out of it."""
    if not isinstance(stats, dict):
        raise Unfit(_("The file has no stats."))
    told = [stats.get(name, 0) for name in ("successes", "failures", "errors")]
    if any(isinstance(one, bool) or not isinstance(one, int) or one < 0 for one in told):
        raise Unfit(_("The stats of the file are no counts."))
    if sum(told) != tests or told[0] != passed:
        words = _("The stats count %(told)s tests, %(good)s of them passed; the file holds %(tests)s and %(passed)s.")
        raise Unfit(words % {"told": sum(told), "good": told[0], "tests": tests, "passed": passed})


def _metrics(tests: Sequence[Mapping[str, Any]], passed: int) -> dict[str, Decimal]:
    metrics = {
        "pass_rate": (Decimal(passed) / len(tests)).quantize(PLACES),
        "tests": Decimal(len(tests)),
        "passed": Decimal(passed),
    }
    for name, field in (("score", "score"), ("latency_ms", "latencyMs")):
        if values := _numbers(tests, field):
            metrics[name] = (sum(values, Decimal(0)) / len(values)).quantize(PLACES)
    if costs := _numbers(tests, "cost"):
        metrics["cost"] = sum(costs, Decimal(0))
    return metrics


def _numbers(tests: Sequence[Mapping[str, Any]], field: str) -> list[Decimal]:
    found = []
    for place, test in enumerate(tests, start=1):
        if test.get(field) is not None:
            try:
                found.append(decimal_of(test[field]))
            except Unfit as unfit:
                words = {"place": place, "field": field, "why": unfit}
                raise Unfit(_("%(field)s of test %(place)s: %(why)s") % words) from unfit
    return found


def _assertions(tests: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Count assertions by kind; those that only measure do not pass or fail."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: {"passed": 0, "made": 0})
    for test in tests:
        grading = test.get("gradingResult")
        parts = grading.get("componentResults") if isinstance(grading, dict) else None
        for part in parts if isinstance(parts, list) else ():
            kind = _kind(part)
            if kind and (kind in counts or len(counts) < MOST_KINDS):
                counts[kind]["made"] += 1
                counts[kind]["passed"] += part.get("pass") is True
    return {name: dict(count) for name, count in sorted(counts.items())}


def _kind(part: Any) -> str:
    assertion = part.get("assertion") if isinstance(part, dict) else None
    if not isinstance(assertion, dict) or assertion.get("metricOnly"):
        return ""
    kind = assertion.get("type")
    return kind.strip()[:100] if isinstance(kind, str) else ""


def _done_at(told: Any) -> Any:
    return instant_of(told) if isinstance(told, str) and told else None
