"""The job `evidence.review`: what one version says is read and weighed for each control it serves."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import service
from accounts.context import acting_in
from aims.models import Aims
from controls.models import Requirement
from evidence.actions.review import draft_review, enqueue_review
from evidence.examining.standing import scans_of
from evidence.models import EvidenceLink, EvidenceVersion, File, FileText, Review, Verdict
from evidence.reading import Document, document_of, extract
from evidence.review.data import expected
from evidence.review.reading import Proposal, propose
from evidence.store import open_stored
from jobs.models import Job
from jobs.registry import JobFailed, Progress

READER = service("reader")
MOST_A_NIGHT = 200


@dataclass(frozen=True, slots=True)
class Read:
    """What was drafted, by the control's id."""

    version: int
    proposals: tuple[tuple[int, Proposal], ...]


def ask_nightly() -> None:
    """Have a draft made for whatever nobody reviewed yet, a few hundred versions a night for each AIMS."""
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("pk"):
        with acting_in(aims, READER):
            for version in unread()[:MOST_A_NIGHT]:
                enqueue_review(version, "first", actor=READER)


def unread() -> Any:
    """Return the newest versions that serve a control of the rubric and have no review."""
    served = EvidenceLink.objects.live().filter(requirement__code__in=list(expected())).values("evidence")
    reviewed = Review.objects.values("evidence_version")
    return EvidenceVersion.objects.latest().filter(evidence__in=served).exclude(pk__in=reviewed).order_by("pk")


def work(job: Job, progress: Progress) -> Read:
    """Read and weigh, outside any transaction."""
    with acting_in(aims := _aims(job), READER):
        version = EvidenceVersion.objects.filter(pk=job.payload["version"]).first()
        if version is None:
            raise JobFailed(_("The version is gone."))
        wanted = _requirements(version)
        document = document_of_version(version)
    proposals = []
    for number, (pk, code) in enumerate(wanted.items()):
        progress(100 * number // len(wanted), code)
        proposals.append((pk, propose(document, code, clock.today(aims.time_zone))))
    return Read(version.pk, tuple(proposals))


def finish(job: Job, read: Read) -> dict[str, Any]:
    """Keep the drafts in the transaction that ends the job."""
    with acting_in(_aims(job), READER):
        version = EvidenceVersion.objects.get(pk=read.version)
        named = Requirement.objects.in_bulk([pk for pk, _proposal in read.proposals])
        kept = [draft_review(version, named[pk], proposal, actor=READER) for pk, proposal in read.proposals]
    return {"drafts": sum(row is not None for row in kept)}


def document_of_version(version: EvidenceVersion) -> Document:
    """Return everything a version says: its files one after the other, and its note or result."""
    parts = [part for part in (version.note, "\n".join(f"{k}: {v}" for k, v in (version.result or {}).items())) if part]
    why, pages = "", 0
    for file in File.objects.filter(evidence_version=version).order_by("pk"):
        document = _of_file(file)
        parts += [document.text] if document.text else []
        why, pages = why or document.why, pages + document.pages
    return document_of("\f".join(parts), why=why or _("it holds no text"))


def _of_file(file: File) -> Document:
    scan = scans_of({file.sha256}).get(file.sha256)
    if scan is not None and scan.verdict == Verdict.FOUND:
        return Document("", why=_("a scanner found something in it"))
    known = FileText.objects.filter(sha256=file.sha256).first()
    if known is not None:
        return document_of(known.text, pages=known.pages, why=known.why)
    try:
        with open_stored(file.sha256) as stream:
            return extract(stream)
    except (OSError, ValueError):
        return Document("", why=_("its bytes cannot be read"))


def _requirements(version: EvidenceVersion) -> dict[int, str]:
    links = EvidenceLink.objects.live().filter(evidence=version.evidence_id, requirement__code__in=list(expected()))
    return dict(links.order_by("requirement__position").values_list("requirement_id", "requirement__code"))


def _aims(job: Job) -> Aims:
    aims = Aims.objects.filter(pk=job.aims_id or 0, removed_at__isnull=True).first()
    if aims is None:
        raise JobFailed(_("The AIMS is gone."))
    return aims
