"""Put the chapters together: `paper_of(body, meta)` is all that the rest of the room calls."""

from typing import Any

from django.utils.translation import gettext as _

from reports.models import Edition
from reports.paper import control, words
from reports.paper.annex import annex
from reports.paper.bands import Bands
from reports.paper.judgement import assessment_pages, risk_lines
from reports.paper.meta import Meta
from reports.paper.settle import settled
from reports.paper.shapes import Area, ContentsLine, Paper
from reports.paper.statement import areas_of, open_work
from reports.paper.summary import summary

TITLE = "Statement of Applicability"


def paper_of(body: dict[str, Any], meta: Meta) -> Paper:
    """Return the report of a frozen body, for the edition that `meta` names."""
    body = settled(body)
    is_full = meta.edition == Edition.FULL
    aims = body["aims"]
    organisation = aims["organisation"]
    edition = _("Certification body") if is_full else _("Customer")
    classification = _("Confidential") if is_full else _("For customers")
    areas = areas_of(body, is_full=is_full)
    number = meta.number or ""
    running = _("%(title)s, draft") if meta.is_draft else _("%(title)s, version %(n)s")
    extra = _full_chapters(body) if is_full else {}
    return Paper(
        title=TITLE,
        organisation=organisation,
        running=running % {"title": TITLE, "n": number},
        classification=classification,
        edition=edition,
        is_full=is_full,
        is_draft=meta.is_draft,
        is_demo=bool(aims.get("is_demo")),
        mark=_mark(is_draft=meta.is_draft, is_demo=bool(aims.get("is_demo"))),
        created=(meta.generated_at if meta.is_draft else meta.frozen_at).strftime("%Y-%m-%dT%H:%M:%SZ"),
        lead=_lead(is_full=is_full),
        scope_excerpt=words.excerpt((body.get("scope") or {}).get("text") or "", 420),
        cover=control.cover(body, meta, edition, classification),
        control=control.control(body, meta, is_full=is_full),
        digest="" if meta.is_draft else meta.digest,
        versions=control.versions(meta, is_full=is_full),
        contents=_contents(areas, meta, is_full=is_full),
        summary=summary(body, meta, is_full=is_full),
        scope=control.scope(body, is_full=is_full),
        areas=areas,
        approval=control.approval(meta, organisation) if is_full and not meta.is_draft else None,
        blockers=meta.blockers if is_full and meta.is_draft else (),
        flags=meta.warnings if is_full and meta.is_draft else (),
        **extra,
    )


def _full_chapters(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "marks": control.marks(),
        "open_work": open_work(body.get("entries") or []),
        "risks": risk_lines(body, Bands(body.get("criteria"))),
        "assessments": assessment_pages(body),
        "annex": annex(body),
    }


def _lead(*, is_full: bool) -> str:
    if is_full:
        return _(
            "AI management system. The controls we apply, why we apply them, how each is done, "
            "and the evidence behind it."
        )
    return _("AI management system. The controls we apply, and why.")


def _mark(*, is_draft: bool, is_demo: bool) -> str:
    if is_draft and is_demo:
        return _("Draft, not approved. Demonstration data")
    if is_draft:
        return _("Draft, not approved")
    return _("Demonstration data, not a real organisation") if is_demo else ""


def _contents(areas: tuple[Area, ...], meta: Meta, *, is_full: bool) -> tuple[ContentsLine, ...]:
    statement = ContentsLine("statement", TITLE, tuple(ContentsLine(area.anchor, area.title) for area in areas))
    first = (ContentsLine("document-control", _("Document control")), ContentsLine("summary", _("Summary")))
    if not is_full:
        return (*first, ContentsLine("scope", _("Scope")), statement)
    last = (
        ContentsLine("approval", _("Approval"))
        if not meta.is_draft
        else ContentsLine("blocks", _("What blocks approval"))
    )
    return (
        *first,
        ContentsLine("scope", _("Scope, AI systems and obligations")),
        statement,
        ContentsLine("exclusions", _("Exclusions and open work")),
        ContentsLine("risks", _("Risks and their treatment")),
        ContentsLine("assessments", _("Impact assessments")),
        ContentsLine("annex", _("Evidence annex")),
        last,
    )
