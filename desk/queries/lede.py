"""The overview in a few sentences."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.models import MilestoneKind
from audits.queries import Cycle, CycleDate
from desk.queries.flagged import Flags
from desk.queries.readiness import Readiness
from soa.queries.rows import Row

AUDITS = frozenset(MilestoneKind) - {MilestoneKind.ISSUED, MilestoneKind.EXPIRES}
GRADES = ("major", "minor")


def next_audit(cycle: Cycle) -> CycleDate | None:
    """Return the first audit that is not held, the overdue ones first; certificates are no audits."""
    waiting = [row for row in cycle.dates if row.held_on is None and row.kind in AUDITS]
    return min(waiting, key=lambda row: row.due_on, default=None)


def headline(audit: CycleDate | None) -> str:
    """Say when the next audit is, as the strong beginning; the date itself follows it."""
    if audit is None:
        return ""
    words = {"audit": audit.name, "n": abs(audit.days)}
    if audit.days < 0:
        text = ngettext("%(audit)s is %(n)s day overdue", "%(audit)s is %(n)s days overdue", -audit.days)
    elif audit.days == 0:
        text = _("%(audit)s starts today")
    else:
        text = ngettext("%(audit)s starts in %(n)s day", "%(audit)s starts in %(n)s days", audit.days)
    return text % words


def sentences(rows: tuple[Row, ...], flags: Flags, ready: Readiness) -> tuple[str, ...]:
    """Say what is open, what would be flagged and how much stands; nothing about a statement without rows."""
    if not rows:
        return ()
    return tuple(part for part in (_nonconformities(rows), _flagged(flags), _standing(ready)) if part)


def _nonconformities(rows: tuple[Row, ...]) -> str:
    findings = {finding.ref: finding.grade for row in rows for finding in row.findings}
    counts = Counter(grade for grade in findings.values() if grade in GRADES)
    parts = []
    if counts["major"]:
        text = ngettext("%(n)s major nonconformity is open.", "%(n)s major nonconformities are open.", counts["major"])
        parts.append(text % {"n": counts["major"]})
    if counts["minor"]:
        text = ngettext("%(n)s minor nonconformity is open.", "%(n)s minor nonconformities are open.", counts["minor"])
        parts.append(text % {"n": counts["minor"]})
    return " ".join(parts)


def _flagged(flags: Flags) -> str:
    if not flags.total:
        return _("An auditor looking today would flag nothing.")
    text = ngettext(
        "An auditor looking today would flag %(n)s thing.",
        "An auditor looking today would flag %(n)s things.",
        flags.total,
    )
    return text % {"n": flags.total}


def _standing(ready: Readiness) -> str:
    if not ready.counts.apply:
        return ""
    text = ngettext(
        "%(done)s of %(n)s applicable control is implemented with current evidence.",
        "%(done)s of %(n)s applicable controls are implemented with current evidence.",
        ready.counts.apply,
    )
    return text % {"done": ready.counts.evidenced, "n": ready.counts.apply}
