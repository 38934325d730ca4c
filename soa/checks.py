"""What an auditor would flag: one function per check, each flag with a way to the form that mends it.

Blocking checks stop an approval; the rest warn, are confirmed by the approver as one list, and stand in the report.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evidence.state import EvidenceState
from soa.models import Applicability, Implementation
from soa.queries.proposals import demands_of, most_of
from soa.queries.rows import Row, Sheet
from soa.reopening.models import Cause
from soa.wording import is_nothing, is_template

INCLUDED, EXCLUDED = Applicability.INCLUDED, Applicability.EXCLUDED


# Causes that no other check tells of.
SHOWN_AS_REOPENED = frozenset({Cause.ROLE, Cause.SYSTEM, Cause.JUDGEMENT})


class Weight(StrEnum):
    """Whether a flag stops an approval."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing an auditor would flag: the row (empty for the whole statement), the words, the field to mend."""

    check: str
    weight: Weight
    code: str
    message: str
    field: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it stops an approval."""
        return self.weight is Weight.BLOCK


Finding = tuple[str, str, str]
Check = Callable[[Sheet], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Known:
    """A registered check."""

    name: str
    weight: Weight
    run: Check

    @property
    def meaning(self) -> str:
        """The sentence that explains it, in pages and in `docs/checks.md`."""
        return (self.run.__doc__ or "").strip()


CHECKS: list[Known] = []


def check(name: str, weight: Weight) -> Callable[[Check], Check]:
    """Register a check; blocking ones come first in every list."""

    def register(function: Check) -> Check:
        CHECKS.append(Known(name, weight, function))
        return function

    return register


def flags_of(sheet: Sheet) -> tuple[Flag, ...]:
    """Run every check over the draft: what blocks first, then in the order of the standard. No queries."""
    flags = [
        Flag(known.name, known.weight, code, message, field)
        for known in CHECKS
        for code, message, field in known.run(sheet)
    ]
    order = {row.code: place for place, row in enumerate(sheet.rows)}
    return tuple(sorted(flags, key=lambda flag: (not flag.blocks, order.get(flag.code, -1))))


@dataclass(frozen=True, slots=True)
class FlagGroup:
    """The flags of one check under the sentence that explains it."""

    meaning: str
    flags: tuple[Flag, ...]


def grouped(flags: Sequence[Flag], weight: Weight) -> tuple[FlagGroup, ...]:
    """Return the flags of one weight by check, in the order of the checks."""
    groups = []
    for known in CHECKS:
        mine = tuple(flag for flag in flags if flag.check == known.name and flag.weight is weight)
        if mine:
            groups.append(FlagGroup(_(known.meaning), mine))
    return tuple(groups)


def _decided(sheet: Sheet, *applicability: str) -> Iterator[Row]:
    return (row for row in sheet.rows if row.entry.applicability in applicability)


@check("undecided", Weight.BLOCK)
def undecided(sheet: Sheet) -> Iterator[Finding]:
    """A control that nobody has decided on (6.1.3 asks for all of them)."""
    for row in _decided(sheet, Applicability.UNDECIDED):
        yield row.code, _("%(code)s is undecided") % {"code": row.code}, "applicability"


@check("no_reason", Weight.BLOCK)
def no_reason(sheet: Sheet) -> Iterator[Finding]:
    """A decision without a reason, either way; N/A is none."""
    for row in _decided(sheet, INCLUDED, EXCLUDED):
        if not is_nothing(row.entry.why):
            continue
        text = (
            _("Say why %(code)s applies")
            if row.entry.applicability == INCLUDED
            else _("Say why %(code)s does not apply")
        )
        yield row.code, text % {"code": row.code}, "why"


@check("template_text", Weight.BLOCK)
def template_text(sheet: Sheet) -> Iterator[Finding]:
    """A placeholder of a template left in a reason or a description."""
    for row in _decided(sheet, INCLUDED, EXCLUDED):
        for name in ("why", "how"):
            if is_template(getattr(row.entry, name)):
                yield row.code, _("%(code)s still holds text of a template") % {"code": row.code}, name


@check("relied_on", Weight.BLOCK)
def relied_on(sheet: Sheet) -> Iterator[Finding]:
    """An exclusion that a system, a risk's treatment or an impact's measure relies on, or that facts contradict."""
    for row in sheet.rows:
        yield from _contradicted(row, sheet)
        if row.drivers and row.rolled.applicability == EXCLUDED:
            names = ", ".join(driver.code for driver in row.drivers[:4])
            yield (
                row.code,
                _("%(code)s is excluded, but %(names)s rely on it") % {"code": row.code, "names": names},
                "applicability",
            )


def _contradicted(row: Row, sheet: Sheet) -> Iterator[Finding]:
    """What facts of systems in scope make necessary is left out: for all of them, or for one that needs it."""
    if row.demanded_by and row.rolled.applicability == EXCLUDED:
        words = {"code": row.code, "systems": most_of(row.demanded_by).systems}
        yield row.code, _("%(code)s is excluded, but facts of %(systems)s make it necessary") % words, "applicability"
        return
    in_scope = {system.pk for system in sheet.systems}
    for item in row.per_system if row.entry.applicability == INCLUDED else ():
        if item.applicability != EXCLUDED or item.system_id not in in_scope:
            continue
        if theirs := [driver.code for driver in row.drivers if driver.system_id == item.system_id]:
            words = {"code": row.code, "system": item.system.code, "names": ", ".join(theirs)}
            text = _("%(code)s is excluded for %(system)s, but %(names)s rely on it there")
            yield row.code, text % words, "per_system"
        elif demands_of(getattr(item, "met", "") or "", row.code):
            words = {"code": row.code, "system": item.system.code}
            text = _("%(code)s is excluded for %(system)s, whose own facts make it necessary")
            yield row.code, text % words, "per_system"


@check("system_without_reason", Weight.BLOCK)
def system_without_reason(sheet: Sheet) -> Iterator[Finding]:
    """An exclusion for one system without its reason."""
    for row in sheet.rows:
        for item in row.per_system:
            if item.applicability == EXCLUDED and (is_nothing(item.why) or is_template(item.why)):
                words = {"code": row.code, "system": item.system.code}
                yield row.code, _("Say why %(code)s does not apply to %(system)s") % words, "per_system"


@check("exclusion_expired", Weight.WARN)
def exclusion_expired(sheet: Sheet) -> Iterator[Finding]:
    """An exclusion whose time has run out: it is decided anew at management review."""
    for row in _decided(sheet, EXCLUDED):
        if row.entry.expires_on and row.entry.expires_on < sheet.today:
            yield (
                row.code,
                _("The exclusion of %(code)s has expired; decide it again") % {"code": row.code},
                "expires_on",
            )


@check("no_driver", Weight.WARN)
def no_driver(sheet: Sheet) -> Iterator[Finding]:
    """Included, but no risk, assessment, system, fact or obligation that needs it."""
    for row in _decided(sheet, INCLUDED):
        if not row.drivers and not row.demanded_by and not any(reason["ref"] for reason in row.entry.reasons):
            yield (
                row.code,
                _("%(code)s is included, but nothing is linked that needs it") % {"code": row.code},
                "reasons",
            )


@check("no_owner", Weight.WARN)
def no_owner(sheet: Sheet) -> Iterator[Finding]:
    """Included, but nobody answers for it."""
    for row in _decided(sheet, INCLUDED):
        if row.entry.owner_id is None:
            yield row.code, _("%(code)s has no owner") % {"code": row.code}, "owner"


@check("implemented_without_evidence", Weight.WARN)
def implemented_without_evidence(sheet: Sheet) -> Iterator[Finding]:
    """Implemented, but without evidence that is current."""
    missing = {EvidenceState.NONE: _("no evidence"), EvidenceState.OVERDUE: _("evidence whose renewal is overdue")}
    for row in _decided(sheet, INCLUDED):
        if row.rolled.implementation == Implementation.IMPLEMENTED and row.evidence_state in missing:
            words = {"code": row.code, "what": missing[row.evidence_state]}
            yield row.code, _("%(code)s is implemented, with %(what)s") % words, "evidence"


@check("implemented_with_finding", Weight.WARN)
def implemented_with_finding(sheet: Sheet) -> Iterator[Finding]:
    """Implemented, while a finding on it is open."""
    for row in _decided(sheet, INCLUDED):
        if row.rolled.implementation == Implementation.IMPLEMENTED and row.findings:
            words = {"code": row.code, "finding": row.findings[0].label}
            yield row.code, _("%(code)s is implemented while %(finding)s is open") % words, "implementation"


@check("open_change", Weight.WARN)
def open_change(sheet: Sheet) -> Iterator[Finding]:
    """A change of a system that may touch the control is open, and its owner has not said whether it does."""
    for row in _decided(sheet, INCLUDED):
        for change in row.changes:
            words = {"code": row.code, "change": change.code}
            yield row.code, _("Open change %(change)s may touch %(code)s; its owner has not said") % words, "how"


@check("open_trigger", Weight.WARN)
def open_trigger(sheet: Sheet) -> Iterator[Finding]:
    """Something happened after an assessment that the control leans on, and its owner has not said what it touches."""
    for row in _decided(sheet, INCLUDED):
        for trigger in row.triggers:
            words = {"code": row.code, "assessment": trigger.code, "what": trigger.kind.lower()}
            text = _("%(code)s leans on %(assessment)s, which may no longer hold (%(what)s); its owner has not said")
            yield row.code, text % words, "reasons"


@check("reopened", Weight.WARN)
def reopened(sheet: Sheet) -> Iterator[Finding]:
    """An exclusion that has to be decided again: a role, a linked system or what it was judged by is not as it was."""
    for row in sheet.rows:
        for one in row.reopened:
            if one.cause in SHOWN_AS_REOPENED:
                words = {"code": row.code, "why": one.words}
                yield row.code, _("Decide the exclusion of %(code)s again: %(why)s") % words, "applicability"


@check("planned_in_the_past", Weight.WARN)
def planned_in_the_past(sheet: Sheet) -> Iterator[Finding]:
    """A planned date that has passed, or a plan without a date."""
    for row in _decided(sheet, INCLUDED):
        if row.rolled.implementation == Implementation.IMPLEMENTED:
            continue
        if row.entry.planned_on and row.entry.planned_on < sheet.today:
            days = (sheet.today - row.entry.planned_on).days
            yield (
                row.code,
                _("%(code)s was planned for %(days)s days ago") % {"code": row.code, "days": days},
                "planned_on",
            )
        elif row.entry.implementation == Implementation.PLANNED and row.entry.planned_on is None:
            yield row.code, _("%(code)s is planned without a date") % {"code": row.code}, "planned_on"


@check("review_overdue", Weight.WARN)
def review_overdue(sheet: Sheet) -> Iterator[Finding]:
    """A row whose own review date has passed."""
    for row in _decided(sheet, INCLUDED, EXCLUDED):
        if row.entry.review_on and row.entry.review_on < sheet.today:
            yield row.code, _("The review of %(code)s is overdue") % {"code": row.code}, "review_on"


@check("older_than_scope", Weight.WARN)
def older_than_scope(sheet: Sheet) -> Iterator[Finding]:
    """The statement in force was approved before the present scope took effect."""
    version = sheet.in_force
    if version is None or sheet.scope_on is None or version.decided_at is None:
        return
    if version.decided_at.date() < sheet.scope_on:
        words = {"number": version.number}
        yield "", _("Version %(number)s is older than the scope statement; look at every exclusion again") % words, ""


@check("excluded_before_scope", Weight.WARN)
def excluded_before_scope(sheet: Sheet) -> Iterator[Finding]:
    """An exclusion that was last looked at before the present scope took effect."""
    for row in _decided(sheet, EXCLUDED):
        if sheet.scope_on and row.entry.changed_at.date() < sheet.scope_on <= sheet.today:
            text = _("%(code)s was excluded before the present scope took effect; decide it again")
            yield row.code, text % {"code": row.code}, "applicability"


@check("treatment_undecided", Weight.WARN)
def treatment_undecided(sheet: Sheet) -> Iterator[Finding]:
    """A risk's treatment or an impact's measure stands on a control that is not decided yet."""
    for row in _decided(sheet, Applicability.UNDECIDED):
        if row.drivers:
            names = ", ".join(driver.code for driver in row.drivers[:4])
            yield (
                row.code,
                _("%(names)s count on %(code)s, which is undecided") % {"code": row.code, "names": names},
                "applicability",
            )


@check("facts_changed", Weight.WARN)
def facts_changed(sheet: Sheet) -> Iterator[Finding]:
    """An exclusion last looked at before the facts, roles or scope of a system changed that speaks for the control."""
    for row in _decided(sheet, EXCLUDED):
        newer = [one for one in row.proposals if one.newest and one.newest > row.entry.changed_at]
        if newer and not row.demanded_by:
            words = {"code": row.code, "systems": most_of(newer).systems}
            text = _("%(code)s was excluded before the facts of %(systems)s spoke for it; decide it again")
            yield row.code, text % words, "applicability"


@check("not_recorded", Weight.WARN)
def not_recorded(sheet: Sheet) -> Iterator[Finding]:
    """Included, but systems in scope whose roles or facts speak for it say nothing of what it asks to be recorded."""
    for row in _decided(sheet, INCLUDED):
        silent = sheet.in_play.unanswered.get(row.code)
        if silent and silent.count and row.rolled.applicability == INCLUDED:
            words = {"code": row.code, "n": silent.count, "all": sheet.in_play.systems}
            yield row.code, _("%(n)s of %(all)s systems in scope say nothing of what %(code)s asks") % words, "recorded"


@check("eu_contradiction", Weight.WARN)
def eu_contradiction(sheet: Sheet) -> Iterator[Finding]:
    """What systems in scope say to the EU AI Act contradicts itself."""
    if found := sheet.in_play.clashing.count:
        words = {"n": found, "code": sheet.in_play.clashing.first}
        text = ngettext(
            "What %(code)s says to the EU AI Act contradicts itself",
            "What %(n)s systems say to the EU AI Act contradicts itself, %(code)s first",
            found,
        )
        yield "", text % words, ""


@check("untreated", Weight.WARN)
def untreated(sheet: Sheet) -> Iterator[Finding]:
    """An impact or a risk above the acceptance level of the criteria that nothing treats and nobody accepted."""
    if found := sheet.untreated.impacts.count:
        text = ngettext(
            "%(n)s impact above the acceptance level has no measure, in %(code)s",
            "%(n)s impacts above the acceptance level have no measure, in %(code)s first",
            found,
        )
        yield "", text % {"n": found, "code": sheet.untreated.impacts.first}, "untreated"
    if found := sheet.untreated.risks.count:
        text = ngettext(
            "%(code)s is above the acceptance level, neither treated nor accepted",
            "%(n)s risks above the acceptance level are neither treated nor accepted, %(code)s first",
            found,
        )
        yield "", text % {"n": found, "code": sheet.untreated.risks.first}, "untreated"
