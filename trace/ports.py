"""What rooms tell the thread of theirs: where a reference leads, its lineage, whether what was frozen still is so."""

from collections.abc import Callable, Iterator
from itertools import chain
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from ledger.models import Leaf
from soa.models import StatementVersion
from trace.lineage.shapes import Provider

Builder = Callable[[str, str], str]

DeepCheck = Callable[[], Iterator[str]]

_builders: dict[str, Builder] = {}
_providers: list[Provider] = []
_deep: list[DeepCheck] = []


def tells_lineage(provider: Provider) -> Provider:
    """Register what a room tells of lineage, from `AppConfig.ready`; its functions are set-wise (see `Provider`)."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def lineage_providers() -> tuple[Provider, ...]:
    """Return every provider, in the order of the rooms."""
    return tuple(_providers)


def checks_deep(check: DeepCheck) -> DeepCheck:
    """Register who holds what a room froze in the AIMS in context against the chain, one fault in words at a time.

    Called from `AppConfig.ready`; `trace.frozen.faults_of` does the comparing.
    """
    if check not in _deep:
        _deep.append(check)
    return check


def deep_faults() -> Iterator[str]:
    """Return what all rooms find wrong in the AIMS in context."""
    return chain.from_iterable(check() for check in _deep)


def leads_to(kind: str, builder: Builder) -> None:
    """Register the address of a kind of subject; `builder` takes the slug of the AIMS and the reference's code."""
    _builders[kind] = builder


def address_of(slug: str, ref: str) -> str:
    """Return the page of a typed reference, or nothing when it has none."""
    kind, _colon, code = ref.partition(":")
    builder = _builders.get(kind)
    try:
        return builder(slug, code) if builder else ""
    except NoReverseMatch:
        return ""


def _by_code(name: str) -> Builder:
    return lambda slug, code: reverse(name, args=[slug, code])


def _before(separator: str, name: str) -> Builder:
    return lambda slug, code: reverse(name, args=[slug, code.partition(separator)[0]])


def _whole(name: str) -> Builder:
    return lambda slug, _code: reverse(name, args=[slug])


def _assessment(slug: str, code: str) -> str:
    return reverse("assessments:detail", args=[slug, *code.split("@")])


def _plan(slug: str, code: str) -> str:
    return reverse("assessments:treatment-plan", args=[slug, int(code.removeprefix("TP-"))])


def _version(slug: str, code: str) -> str:
    number = code.removeprefix("SOA-")
    newest = StatementVersion.objects.filter(number=number).order_by("-pk").values_list("pk", flat=True).first()
    return reverse("soa:version", args=[slug, newest]) if newest else ""


def _record(slug: str, code: str) -> str:
    try:
        leaves = Leaf.objects.filter(record__event_id=UUID(code))
    except ValueError:
        return ""
    number = leaves.values_list("number", flat=True).first()
    return reverse("trace:record", args=[slug, number]) if number else ""


DEFAULTS: dict[str, Builder] = {
    "aims": _whole("aims:settings"),
    "assessment": _assessment,
    "benchmark": _whole("operations:portfolio"),
    "change": _by_code("changes:detail"),
    "checkpoint": _whole("trace:anchors"),
    "criteria": _whole("aims:settings"),
    "crossing": _whole("operations:portfolio"),
    "demand": _before("/", "changes:detail"),
    "entry": _by_code("soa:entry"),
    "entry-system": _before("/", "soa:entry"),
    "evaluation": _whole("operations:portfolio"),
    "evidence": _before("@", "evidence:detail"),
    "incident": _by_code("incidents:detail"),
    "judging": _whole("judging:runs"),
    "integrity-check": _whole("evidence:integrity"),
    "log": _whole("trace:anchors"),
    "log-key": _whole("trace:anchors"),
    "membership": _whole("aims:settings"),
    "milestone": _whole("audits:cycle"),
    "notification-duty": _whole("incidents:duties"),
    "obligation": _whole("aims:settings"),
    "policy": _by_code("policies:detail"),
    "record": _record,
    "report": _whole("reports:list"),
    "risk": _by_code("assessments:risk"),
    "runbook": _by_code("incidents:runbook"),
    "scope": _whole("aims:settings"),
    "screening": _by_code("assessments:screening"),
    "signal": _whole("operations:portfolio"),
    "statement": _whole("soa:workbench"),
    "system": _by_code("systems:detail"),
    "touched": _before("/", "changes:detail"),
    "treatment-plan": _plan,
    "verification": _whole("assessments:risks"),
    "version": _version,
}


def register_defaults() -> None:
    """Register the pages of the rooms to the left; called from `AppConfig.ready`."""
    for kind, builder in DEFAULTS.items():
        leads_to(kind, builder)
