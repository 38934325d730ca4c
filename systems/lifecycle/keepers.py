"""What the registry itself asks at the gates: what the record has to say before a system goes on."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from systems.lifecycle.stages import SIGNED, Stage
from systems.models import Advice, AiSystem
from systems.ports import GateCheck
from systems.record.places import at
from systems.record.schema import dotted, misfits
from systems.sections.layout import section_of

SENSITIVE = ("confidential", "pii", "special")
PERSONAL = ("pii", "special")
REVIEWED = ("passed", "passed-with-conditions")
SHOWN = 6


def owner(system: AiSystem, _stage: str) -> Iterator[GateCheck]:
    """Somebody answers for the system."""
    gaps = [] if system.owner_id else [_("Nobody is named.")]
    yield _check(system, "owner", _("Somebody answers for it"), gaps, "missing", part="identity")


def scope(system: AiSystem, stage: str) -> Iterator[GateCheck]:
    """Someone said whether it is in scope; needed where it comes into use."""
    gaps = [_("Nobody has said whether it is in scope.")] if system.is_in_scope is None else []
    words = _("Scope is said")
    yield _check(system, "scope", words, gaps, "missing", part="", is_mandatory=stage in SIGNED)


def record(system: AiSystem, stage: str) -> Iterator[GateCheck]:
    """Everything that the schema requires is there."""
    if stage == Stage.DESIGN:
        return
    faults = misfits(system.record)
    section = section_of(faults[0].path) if faults else None
    part, gaps = section.slug if section else "identity", [fault.words for fault in faults]
    yield _check(system, "record", _("The record is complete"), gaps, "missing", part=part)


def data(system: AiSystem, stage: str) -> Iterator[GateCheck]:
    """Each source of data says what its sensitivity demands (A.7)."""
    if stage in SIGNED:
        yield _check(
            system, "data", _("Data governance is complete"), list(_data_gaps(system.record)), "missing", part="data"
        )


def suppliers(system: AiSystem, stage: str) -> Iterator[GateCheck]:
    """Who supplies a part of it passed due diligence, which is not overdue (A.10.3)."""
    if stage in SIGNED:
        words, today = _("Suppliers are reviewed"), clock.today(system.aims.time_zone)
        gaps = list(_supplier_gaps(system.record, today))
        yield _check(system, "suppliers", words, gaps, "failing", part="parties", is_mandatory=False)


def logging(system: AiSystem, stage: str) -> Iterator[GateCheck]:
    """Events are logged, kept for a stated time, and read by named people (A.6.2.8)."""
    if stage in SIGNED:
        asked = {
            "enabled": _("it is not switched on"),
            "events": _("what is logged is not said"),
            "retention_days": _("how long it is kept is not said"),
            "readers": _("who may read it is not said"),
        }
        gaps = list(_unsaid(system.record, "logging", asked))
        yield _check(
            system,
            "logging",
            _("Logging is set up"),
            gaps,
            "missing",
            part="logging",
            is_mandatory=stage == Stage.OPERATION,
        )


def monitoring(system: AiSystem, stage: str) -> Iterator[GateCheck]:
    """Signals are watched by somebody (A.6.2.6)."""
    if stage in SIGNED:
        asked = {
            "enabled": _("it is not switched on"),
            "signals": _("what is watched is not said"),
            "owner": _("nobody watches"),
        }
        gaps, needed = list(_unsaid(system.record, "monitoring", asked)), stage == Stage.OPERATION
        yield _check(
            system, "monitoring", _("Monitoring is set up"), gaps, "missing", part="logging", is_mandatory=needed
        )


def escalation(system: AiSystem, stage: str) -> Iterator[GateCheck]:
    """Who can stop it, and who is told (A.8.4)."""
    if stage == Stage.OPERATION:
        asked = {"contact": _("nobody is named to call"), "stop_authority": _("nobody is named who may stop it")}
        here = at(system.record, "governance") or {}
        gaps = list(_unsaid(here, "escalation", asked))
        yield _check(
            system, "escalation", _("Escalation is set up"), gaps, "missing", part="governance", is_mandatory=False
        )


def advice(system: AiSystem, stage: str) -> Iterator[GateCheck]:
    """What the data protection officer advised; one query. It shuts nothing."""
    if stage not in SIGNED:
        return
    words = _("Advice of the data protection officer")
    place = reverse("systems:advise", args=[system.aims.slug, system.code])
    given = Advice.objects.filter(system=system.pk).select_related("given_by").order_by("-pk").first()
    note = _("None was recorded.")
    if given is not None:
        said = {"who": given.given_by.display_name, "text": given.text}
        note = _("%(who)s: %(text)s") % said
    yield GateCheck("advice", words, "advice", note, place, is_mandatory=False)


KEEPERS: tuple[Callable[[AiSystem, str], Iterable[GateCheck]], ...] = (
    owner, record, scope, data, suppliers, logging, monitoring, escalation, advice,
)  # fmt: skip


def _check(
    system: AiSystem,
    key: str,
    words: str,
    gaps: list[str],
    state: str,
    *,
    part: str,
    is_mandatory: bool = True,
) -> GateCheck:
    """Return a check that is met where nothing is missing, else one that names the gaps and leads to their form."""
    note = " ".join(gaps[:SHOWN])
    if more := len(gaps) - SHOWN:
        note += " " + _("And %d more.") % more if more > 0 else ""
    found = state if gaps else "met"
    return GateCheck(key, words, found, note, _address(system, part) if gaps else "", is_mandatory)


def _address(system: AiSystem, part: str) -> str:
    """Return the form of a section of the record, or of the scope where none is named."""
    named = [system.aims.slug, system.code]
    return reverse("systems:section", args=[*named, part]) if part else reverse("systems:scope", args=named)


def _data_gaps(record: dict[str, Any]) -> Iterator[str]:
    sources = [*(at(record, "data", "sources") or []), *(at(record, "data", "rag_sources") or [])]
    sensitivity = str(at(record, "classification", "data_sensitivity") or "special")
    kept = at(record, "data", "retention_days")
    if not sources:
        yield _("No source of data is named.")
    for source in sources:
        is_personal = bool(source.get("pii") or source.get("special_categories")) or sensitivity in PERSONAL
        if source.get("pii") is False and not source.get("special_categories"):
            is_personal = False
        needed = ["kind", "provenance"]
        needed += ["quality"] if sensitivity in SENSITIVE or is_personal else []
        needed += ["consent"] if is_personal else []
        missing = [name for name in needed if not source.get(name)]
        if (sensitivity in SENSITIVE or is_personal) and not (source.get("retention_days") or kept):
            missing.append("retention_days")
        if is_personal and sensitivity == "special" and not source.get("access_log"):
            missing.append("access_log")
        if missing:
            said = {"name": source.get("name") or _("A source"), "fields": ", ".join(missing)}
            yield _("%(name)s lacks %(fields)s.") % said


def _supplier_gaps(record: dict[str, Any], today: date) -> Iterator[str]:
    rows = at(record, "suppliers") or []
    named = {str(row.get("name", "")).casefold() for row in rows}
    provider = str(at(record, "model", "provider") or "").strip()
    if provider and provider.casefold() not in named:
        yield _("%s supplies the model and is not among the suppliers.") % provider
    for row in rows:
        name, state = row.get("name") or _("A supplier"), row.get("due_diligence")
        if state not in REVIEWED:
            yield _("%(name)s: due diligence is %(state)s.") % {"name": name, "state": state or _("not said")}
        elif _is_past(row.get("next_review"), today):
            yield _("%(name)s: the review was due on %(day)s.") % {"name": name, "day": row["next_review"]}


def _is_past(said: object, today: date) -> bool:
    try:
        return date.fromisoformat(str(said)) < today
    except ValueError:
        return False


def _unsaid(record: dict[str, Any], part: str, asked: dict[str, str]) -> Iterator[str]:
    for name, words in asked.items():
        if not at(record, part, name):
            yield f"{dotted((part, name))}: {words}."
