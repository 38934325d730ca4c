"""`/v1/traces`: spans of calls to a model, with their duration, tokens, cost and errors."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from operations.otlp.parts import attributes, each, instant, number, system_of, text, whole
from operations.otlp.points import CALLS, COST, ERRORS, LATENCY, TOKENS_IN, TOKENS_OUT, Amount, Heard, Malformed
from operations.otlp.points import Observation as Seen

BILLION = Decimal(10) ** 9
MODELS = ("gen_ai.request.model", "gen_ai.response.model")
INPUT = ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
OUTPUT = ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens")
SPENT = ("gen_ai.usage.cost", "gen_ai.usage.total_cost", "gen_ai.cost")
FAILED = (2, "STATUS_CODE_ERROR")
OF_CALLS = frozenset({"", "chat", "text_completion", "generate_content", "embeddings"})


def read(body: Mapping[str, Any]) -> Heard:
    """Return what the spans of a body tell; raises Malformed where it is no OTLP.

    Spans that are no call to a model, as those of agents, tools and databases, say nothing here and are no fault.
    """
    heard = Heard()
    for resource in each(body, "resourceSpans"):
        system = system_of(resource)
        for scope in each(resource, "scopeSpans"):
            for span in each(scope, "spans"):
                _span(heard, system, span)
    return heard


def _span(heard: Heard, system: str, span: Mapping[str, Any]) -> None:
    found = attributes(span)
    model = text(found, *MODELS)
    if not model or text(found, "gen_ai.operation.name") not in OF_CALLS:
        return
    began = whole(span.get("startTimeUnixNano", 0), "startTimeUnixNano")
    ended = whole(span.get("endTimeUnixNano", 0), "endTimeUnixNano")
    status = span.get("status") or {}
    if not isinstance(status, dict):
        raise Malformed(_("status is no object."))
    at = instant(ended)
    if not system:
        heard.reject(_("the resource has neither assay.system nor service.name"))
    elif at is None or ended < began:
        heard.reject(_("a span has no end, or ends before it begins"))
    else:
        is_failed = status.get("code") in FAILED or bool(text(found, "error.type"))
        amounts = tuple(_amounts(found, Decimal(ended - began) / BILLION, is_failed=is_failed))
        heard.observations.append(Seen(system, model, at, amounts))


def _amounts(found: Mapping[str, Any], seconds: Decimal, *, is_failed: bool) -> Iterator[Amount]:
    yield Amount(CALLS, Decimal(1), 1)
    yield Amount(LATENCY, seconds, 1)
    yield Amount(ERRORS, Decimal(is_failed), 1)
    for measure, names in ((TOKENS_IN, INPUT), (TOKENS_OUT, OUTPUT), (COST, SPENT)):
        name = next((name for name in names if name in found), "")
        if name:
            yield Amount(measure, number(found[name], name), 1)
