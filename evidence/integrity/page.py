"""The integrity page as finished strings: the check under way, the last one with its faults, those before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock
from accounts.actor import Actor
from aims.models import Aims
from evidence.actions.check import KIND
from evidence.integrity.check import Fault, Holder, State
from evidence.models import IntegrityCheck
from evidence.permissions import may_stop_check
from evidence.store import megabytes
from jobs.models import Job, JobState

OPEN = (JobState.QUEUED, JobState.RUNNING)
BROKEN = (JobState.FAILED, JobState.DEAD)
HISTORY = 30


@dataclass(frozen=True, slots=True)
class Running:
    """A check under way: how far it is in words and percent, and where it is stopped by those who may."""

    text: str
    percent: int
    stop: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the newest check says, as shape, colour and words."""

    tone: str
    glyph: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A file that is not as it was given; `more` says of how many further rows its bytes are."""

    tone: str
    glyph: str
    state: str
    name: str
    holders: tuple[Holder, ...]
    more: int
    expected: str
    found: str
    is_hash: bool


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check of the history."""

    at: datetime
    took: str
    who: str
    files: int
    size: str
    sound: int
    altered: int
    missing: int
    tone: str
    glyph: str
    words: str


@dataclass(frozen=True, slots=True)
class IntegrityPage:
    """Everything the page shows; `unlisted` faults were counted and not kept."""

    running: Running | None
    verdict: Verdict
    faults: tuple[FaultLine, ...]
    unlisted: int
    history: tuple[CheckLine, ...]

    @property
    def last(self) -> CheckLine | None:
        """The newest check."""
        return self.history[0] if self.history else None


def integrity_page(aims: Aims, actor: Actor) -> IntegrityPage:
    """Return the page: three queries."""
    job = _newest_job(aims)
    rows = list(IntegrityCheck.objects.select_related("by").defer("faults")[:HISTORY])
    last = rows[0] if rows else None
    faults = faults_of(last) if last and last.wrong else ()
    zone = ZoneInfo(aims.time_zone)
    return IntegrityPage(
        running=_running(job, aims, actor),
        verdict=_verdict(job, last, zone),
        faults=tuple(map(_fault, faults)),
        unlisted=last.wrong - len(faults) if last else 0,
        history=tuple(_line(row, zone) for row in rows),
    )


def running_check(aims: Aims, actor: Actor) -> Running | None:
    """Return the check under way, if there is one: one query."""
    return _running(_newest_job(aims), aims, actor)


def faults_of(check: IntegrityCheck) -> tuple[Fault, ...]:
    """Return what a check found wrong, as far as it was kept."""
    return tuple(Fault.of(told) for told in check.faults)


def state_words(state: State) -> str:
    """Say what became of a file."""
    return {State.ALTERED: _("Altered"), State.MISSING: _("Missing"), State.OK: _("OK")}[state]


def wrong_words(altered: int, missing: int) -> str:
    """Say how many files are not as they were given."""
    told = [
        ngettext("%(n)d file altered", "%(n)d files altered", altered) % {"n": altered} if altered else "",
        ngettext("%(n)d file missing", "%(n)d files missing", missing) % {"n": missing} if missing else "",
    ]
    return ", ".join(part for part in told if part)


def _newest_job(aims: Aims) -> Job | None:
    return Job.objects.filter(kind=KIND, aims_id=aims.pk).order_by("-pk").first()


def _running(job: Job | None, aims: Aims, actor: Actor) -> Running | None:
    if job is None or job.state not in OPEN:
        return None
    may_stop = may_stop_check(actor, job.payload.get("by"))
    stop = reverse("evidence:stop_check", args=[aims.slug]) if may_stop else ""
    return Running(job.step or _("Waiting for a worker"), job.progress, stop)


def _verdict(job: Job | None, last: IntegrityCheck | None, zone: ZoneInfo) -> Verdict:
    if job is not None and job.state in BROKEN:
        return Verdict("bad", "bad", _("The check could not finish"), job.error)
    if last is None:
        text = _("A check hashes every stored file again and compares it with what was given. One runs every night.")
        return Verdict("none", "none", _("Not checked yet"), text)
    when = _when(last, zone)
    if last.wrong:
        return Verdict("bad", "bad", wrong_words(last.altered, last.missing), when)
    if not last.files:
        return Verdict("none", "none", _("No file is stored yet"), when)
    title = ngettext("%(n)d file is as it was given", "All %(n)d files are as they were given", last.files)
    return Verdict("ok", "seal", title % {"n": last.files}, when)


def _when(check: IntegrityCheck, zone: ZoneInfo) -> str:
    at = check.finished_at.astimezone(zone)
    day = _("today") if at.date() == clock.now().astimezone(zone).date() else f"{at.day} {at:%b %Y}"
    return _("Checked %(day)s at %(time)s, by %(who)s. %(files)s, %(size)s read.") % {
        "day": day,
        "time": f"{at:%H:%M}",
        "who": _who(check),
        "files": ngettext("%(n)d file", "%(n)d files", check.files) % {"n": check.files},
        "size": megabytes(check.bytes),
    }


def _who(check: IntegrityCheck) -> str:
    return check.by.display_name if check.by else "Assay"


def _fault(fault: Fault) -> FaultLine:
    is_altered = fault.state == State.ALTERED
    return FaultLine(
        tone="bad",
        glyph="bad" if is_altered else "warn",
        state=state_words(fault.state),
        name=_names(fault.holders),
        holders=fault.holders,
        more=fault.more,
        expected=fault.sha256,
        found=_found(fault),
        is_hash=is_altered and fault.found != fault.sha256,
    )


def _names(holders: Iterable[Holder]) -> str:
    return ", ".join(dict.fromkeys(holder.name for holder in holders)) or _("a file without a name")


def _found(fault: Fault) -> str:
    if fault.state == State.MISSING:
        return _("Cannot be read: %(why)s") % {"why": fault.why} if fault.why else _("Nothing")
    if fault.found != fault.sha256:
        return fault.found
    return _("%(found)d bytes, where %(size)d were given") % {"found": fault.found_size, "size": fault.size}


def _line(check: IntegrityCheck, zone: ZoneInfo) -> CheckLine:
    tone, glyph = ("bad", "bad") if check.wrong else ("ok", "done")
    return CheckLine(
        at=check.finished_at.astimezone(zone),
        took=_took((check.finished_at - check.started_at).total_seconds()),
        who=_who(check),
        files=check.files,
        size=megabytes(check.bytes),
        sound=check.sound,
        altered=check.altered,
        missing=check.missing,
        tone=tone,
        glyph=glyph,
        words=wrong_words(check.altered, check.missing) or _("All as given"),
    )


def _took(seconds: float) -> str:
    if seconds < 90:
        return _("%(n)d s") % {"n": round(seconds)}
    return _("%(n)d min") % {"n": round(seconds / 60)}
