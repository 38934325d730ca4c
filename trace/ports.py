"""Where a reference leads: rooms register how the address of one of their subjects is built."""

from collections.abc import Callable
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from ledger.models import Leaf
from soa.models import StatementVersion

Builder = Callable[[str, str], str]

_builders: dict[str, Builder] = {}


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
    "checkpoint": _whole("trace:anchors"),
    "criteria": _whole("aims:settings"),
    "entry": _by_code("soa:entry"),
    "entry-system": _before("/", "soa:entry"),
    "evidence": _before("@", "evidence:detail"),
    "log": _whole("trace:anchors"),
    "log-key": _whole("trace:anchors"),
    "membership": _whole("aims:settings"),
    "milestone": _whole("audits:cycle"),
    "obligation": _whole("aims:settings"),
    "record": _record,
    "report": _whole("reports:list"),
    "risk": _by_code("assessments:risk"),
    "scope": _whole("aims:settings"),
    "statement": _whole("soa:workbench"),
    "system": _by_code("systems:detail"),
    "version": _version,
}


def register_defaults() -> None:
    """Register the pages of the rooms to the left; called from `AppConfig.ready`."""
    for kind, builder in DEFAULTS.items():
        leads_to(kind, builder)
