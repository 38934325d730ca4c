"""What verification last said of a log, how far it is signed, and what stops it."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.clock import now
from aims.models import Aims
from jobs.models import Job, JobState
from ledger.known import ROLLBACK
from ledger.models import Anchor, Log
from trace.outside import day_of, went
from trace.verifying import KIND
from trace.words import thin

OPEN = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification last said; while it runs, how far it is in percent; and the newest checkpoint."""

    tone: str
    glyph: str
    title: str
    text: str
    root: str = ""
    is_running: bool = False
    percent: int = 0
    checkpoint: str = ""
    went: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that stops a log, and what to do about it."""

    title: str
    text: str
    advice: str


def verdict(log: Log, aims: Aims) -> Verdict:
    """Return the newest verdict with the newest checkpoint; two queries."""
    zone = ZoneInfo(aims.time_zone)
    last = Anchor.objects.filter(checkpoint__log=log).select_related("person").order_by("-pk").first()
    return replace(
        _verdict(log, aims),
        checkpoint=f"#{thin(log.signed_size)}" if log.signed_size else "",
        went=went(last, zone) if last else "",
    )


def _verdict(log: Log, aims: Aims) -> Verdict:
    """The verdict of the job under way, of one that could not finish, or the log's own."""
    job = Job.objects.filter(kind=KIND, aims_id=aims.pk).order_by("-pk").first()
    if job is not None and job.state in OPEN:
        step = job.step or _("Waiting for a worker")
        return Verdict("info", "half", _("Verifying the whole chain"), step, is_running=True, percent=job.progress)
    if job is not None and job.state in (JobState.FAILED, JobState.DEAD):
        return Verdict("bad", "bad", _("The verification could not finish"), job.error)
    return _noted(log, aims)


def _noted(log: Log, aims: Aims) -> Verdict:
    if log.fault:
        return Verdict("bad", "bad", _("The chain does not hold"), log.fault, advice=_after_a_fault())
    if log.verified_at is None:
        text = _("Verification recomputes every leaf, every number and the root from the records.")
        return Verdict("none", "none", _("Not verified yet"), text)
    zone = ZoneInfo(aims.time_zone)
    text = _("%(done)s of %(all)s leaves lie under the root. Checked %(day)s at %(time)s.") % {
        "done": thin(log.verified_size),
        "all": thin(log.size),
        "day": _("today") if log.verified_at >= this_morning(aims) else day_of(log.verified_at, zone),
        "time": f"{log.verified_at.astimezone(zone):%H:%M}",
    }
    title = _("Chain verified to record #%(n)s") % {"n": thin(log.verified_size)}
    return Verdict("ok", "seal", title, text, log.root[:16])


def this_morning(aims: Aims) -> datetime:
    """Return today's first instant where the organisation is."""
    local = now().astimezone(ZoneInfo(aims.time_zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def troubles(log: Log, said: Verdict) -> list[Trouble]:
    """Return what stops a log from being numbered or signed, and a fault that the verdict leaves out, with advice."""
    found = []
    if log.halted:
        found.append(Trouble(_("Nothing is numbered any further"), log.halted, _advice(log.halted)))
    if log.unsigned:
        advice = _("Records get their numbers, but no checkpoint covers the newest ones. Verify the whole chain first.")
        found.append(Trouble(_("Nothing is signed any further"), log.unsigned, advice))
    if log.fault and said.text != log.fault:
        found.append(Trouble(_("The chain does not hold"), log.fault, _after_a_fault()))
    return found


def _after_a_fault() -> str:
    return _("Leave the database as it is, and compare it with a checkpoint that was sent out before.")


def _advice(halted: str) -> str:
    if halted.startswith(ROLLBACK):
        return _("Bring the newest database back. If it is lost, an administrator resumes the log from what is here.")
    return _("Find out who wrote the record. If it is not ours, an administrator sets it aside and the log goes on.")
