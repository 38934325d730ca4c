"""The job `evidence.match`: the words of a version, matched outside transactions; the model loads in workers only."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import service
from accounts.context import acting_in
from aims.models import Aims
from evidence.actions.suggest import Proposed, note_suggestions
from evidence.models import EvidenceVersion, FileText
from evidence.reading import document_of
from jobs.models import Job
from jobs.registry import JobFailed, Progress

MATCHER = service("matcher")
LEAST, MOST = 15, 5  # percent; a suggestion that is right less often than this only costs time


@dataclass(frozen=True, slots=True)
class Found:
    """What to propose for a version, best first, and which method found it."""

    version: int
    proposed: tuple[Proposed, ...]
    matcher: str


def work(job: Job, progress: Progress) -> Found:
    """Match the words of every file of a version, or its note, and keep the best for each requirement."""
    from evidence.matching.suggest import MATCHER_NAME, match  # noqa: PLC0415  (NumPy and the model, for workers only)

    with acting_in(_aims(job), MATCHER):
        texts = _texts(job.payload["version"])
    best: dict[str, Proposed] = {}
    for number, (source, text) in enumerate(texts):
        progress(min(99, 100 * number // len(texts)), source)
        for one in match(document_of(text), top=MOST).matches:
            percent = round(100 * one.confidence)
            if percent >= LEAST and (one.requirement not in best or best[one.requirement].confidence < percent):
                best[one.requirement] = Proposed(one.requirement, percent, one.passage, source)
    ranked = sorted(best.values(), key=lambda one: -one.confidence)[:MOST]
    return Found(job.payload["version"], tuple(ranked), MATCHER_NAME)


def finish(job: Job, found: Found) -> dict[str, Any]:
    """Keep the suggestions in the transaction that ends the job."""
    with acting_in(_aims(job), MATCHER):
        version = EvidenceVersion.objects.select_related("evidence").get(pk=found.version)
        if version.evidence.withdrawn_at:
            return {"suggestions": 0}
        made = note_suggestions(version, found.proposed, matcher=found.matcher, actor=MATCHER)
    return {"suggestions": len(made)}


def _texts(version_id: int) -> list[tuple[str, str]]:
    version = EvidenceVersion.objects.filter(pk=version_id).first()
    if version is None:
        raise JobFailed(_("The version is gone."))
    names = dict(version.files.values_list("sha256", "name"))
    words = FileText.objects.filter(sha256__in=names).exclude(text="").order_by("pk")
    return [(names[sha256], text) for sha256, text in words.values_list("sha256", "text")]


def _aims(job: Job) -> Aims:
    aims = Aims.objects.filter(pk=job.aims_id or 0, removed_at__isnull=True).first()
    if aims is None:
        raise JobFailed(_("The AIMS is gone."))
    return aims
