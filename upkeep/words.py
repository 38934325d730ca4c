"""What kinds of work are called on a page."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Promise | str] = {
    "reports.soa": _("Report as PDF"),
    "operations.nightly": _("Night round of monitoring"),
    "reports.pack": _("Certification pack"),
    "evidence.examine": _("Examination of given files"),
    "evidence.match": _("Matching of evidence to controls"),
    "evidence.review": _("Draft reviews of evidence"),
    "evidence.integrity": _("Check of stored files"),
    "reports.treatment_plan": _("Treatment plan as PDF"),
    "assessments.current": _("Looking again at assessments and exclusions"),
    "systems.judge": _("Judging of systems by policies"),
    "trace.verify": _("Verification of the chain"),
    "trace.mail": _("Daily mail of the checkpoint"),
    "trace.timestamp": _("Timestamp of the checkpoint"),
    "trace.anchor": _("Copy of the checkpoint in the bucket"),
    "desk.remind": _("Reminders of the day"),
}


def kind_label(kind: str) -> str:
    """Return what a kind of work is called; one that has no words yet shows its name."""
    return str(KINDS.get(kind, kind))
