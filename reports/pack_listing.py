"""Packs as their pages show them: finished strings, one query for a page of them."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import Actor
from aims.models import Aims
from evidence.store import megabytes
from jobs.models import JobState
from reports.models import Pack, Preset
from reports.paper import words
from reports.permissions import may_cancel_pack, may_pack, may_take_pack
from reports.steps import Plan, StepLine, error_of, mark_of, steps_of

PAGE_SIZE = 50
FEW = 6


@dataclass(frozen=True, slots=True)
class PackRow:
    """One pack with its state and the ways on from it; digests are hex."""

    code: str
    anchor: str
    title: str
    holds: str
    about: str
    state_label: str
    glyph: str
    tone: str
    is_open: bool
    percent: int
    steps: tuple[StepLine, ...]
    error: str
    file: str
    digest: str
    sha256: str
    note: str
    address: str
    shareable: str
    download: str
    cancel: str
    again: str


def packs() -> QuerySet[Pack]:
    """Return the packs with what a row shows, without the bodies of versions."""
    rows = Pack.objects.select_related("job", "asked_by", "statement_version")
    return rows.defer("statement_version__body").order_by("-pk")


def pack_page(aims: Aims, actor: Actor, number: str) -> tuple[Page[Pack], list[PackRow]]:
    """Return a page of 50, newest first."""
    page = Paginator(packs(), PAGE_SIZE).get_page(number)
    return page, [pack_row(pack, aims, actor) for pack in page.object_list]


def pack_row(pack: Pack, aims: Aims, actor: Actor) -> PackRow:
    """Return one row."""
    job = pack.job
    state = JobState(job.state) if job else JobState.DONE
    is_open = not pack.is_ready and job is not None and state in (JobState.QUEUED, JobState.RUNNING)
    is_stopped = not pack.is_ready and not is_open
    glyph, tone = mark_of(state if job else JobState.FAILED, is_ready=pack.is_ready, ready="seal")
    return PackRow(
        code=pack.code,
        anchor=pack.code.lower(),
        title=f"{pack.code} {Preset(pack.preset).label}",
        holds=_holds(pack),
        about=_about(pack),
        state_label=_state(pack, state if job else JobState.FAILED),
        glyph=glyph,
        tone=tone,
        is_open=is_open,
        percent=job.progress if job else 100,
        steps=steps_of(job, _plan()) if job and is_open else (),
        error=error_of(job) if job and is_stopped else "",
        file=_file(pack),
        digest=pack.content_digest,
        sha256=pack.sha256,
        note=_("It was written to a file by a command and is not kept here.") if not pack.is_kept else "",
        address=reverse("reports:pack", args=[aims.slug, pack.code]),
        shareable=pack.ref if pack.is_ready and pack.is_kept else "",
        download=_way("download", pack, aims, allowed=pack.is_ready and pack.is_kept and may_take_pack(actor, pack)),
        cancel=_way("cancel", pack, aims, allowed=is_open and may_cancel_pack(actor, pack)),
        again=_way("again", pack, aims, allowed=is_stopped and may_pack(actor)),
    )


def _holds(pack: Pack) -> str:
    """Say what was chosen: version 3 as of 18 June 2026, all controls, with files."""
    version = _("version %(n)s") % {"n": pack.statement_version.number} if pack.statement_version else ""
    day = _("as of %(day)s") % {"day": words.long_day(pack.as_of)} if pack.as_of else ""
    files = _("with files") if pack.with_files else _("without files")
    said = ", ".join(part for part in (" ".join((version, day)).strip(), _controls(pack), files) if part)
    return said[:1].upper() + said[1:]


def _controls(pack: Pack) -> str:
    if not pack.controls:
        return _("all controls")
    if len(pack.controls) > FEW:
        return ngettext("%(n)s control", "%(n)s controls", len(pack.controls)) % {"n": len(pack.controls)}
    return _("controls %(codes)s") % {"codes": ", ".join(pack.controls)}


def _about(pack: Pack) -> str:
    who = pack.asked_by.display_name if pack.asked_by else _("a command")
    return _("Asked for by %(who)s on %(when)s UTC") % {"who": who, "when": words.instant(pack.asked_at)}


def _state(pack: Pack, state: JobState) -> str:
    if pack.is_ready:
        return _("Ready")
    return str(state.label)


def _file(pack: Pack) -> str:
    if not pack.is_ready:
        return ""
    given = {"n": words.grouped(pack.files), "size": megabytes(pack.size), "record": words.record(pack.records)}
    return _("%(n)s files, %(size)s, chain up to record %(record)s") % given


def _way(verb: str, pack: Pack, aims: Aims, *, allowed: bool) -> str:
    return reverse(f"reports:pack_{verb}", args=[aims.slug, pack.code]) if allowed else ""


def _plan() -> Plan:
    return (
        (_("Read what is handed over"), 5),
        (_("Lay out and sign the report"), 55),
        (_("Check and pack the evidence"), 86),
        (_("Write the chain and its proofs"), 97),
        (_("Write the manifest"), 99),
        (_("Record the pack in the chain"), 100),
    )
