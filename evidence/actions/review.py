"""Have a review drafted, keep the draft, and let a person confirm it or say otherwise."""

from datetime import UTC, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from accounts.roles import Role
from aims.models import Membership
from controls.models import Requirement
from evidence.events import DRAFTED, REVIEWED
from evidence.models import Evidence, EvidenceVersion, Review
from evidence.permissions import may_ask_review, may_confirm_review
from evidence.review.findings import Finding
from evidence.review.reading import Proposal
from jobs.actions import enqueue
from jobs.models import Job
from ledger.actions import record
from ledger.change import Change, hold_apart

KIND = "evidence.review"
MOST_FINDINGS, LONGEST = 40, 400


class NotReviewable(Refusal):
    """There is nothing to review, or not by this person; the message says why."""


def ask_for_review(evidence: Evidence, *, actor: Actor) -> Job:
    """Write the job that drafts reviews of the newest version for every control it serves; asking changes nothing."""
    require(may_ask_review(actor, evidence), _("Reviews are drafted for those who give evidence or review it."))
    version = EvidenceVersion.objects.filter(evidence=evidence.pk).order_by("-number").first()
    if version is None or evidence.withdrawn_at:
        raise NotReviewable(_("%(code)s holds nothing that could be reviewed.") % {"code": evidence.code})
    return enqueue_review(version, actor.request_id, actor=actor)


def enqueue_review(version: EvidenceVersion, key: str, *, actor: Actor) -> Job:
    """Write the job for one version; `key` makes it unique."""
    aims_id = current_aims_id()
    payload = {"version": version.pk}
    return enqueue(KIND, dedupe_key=f"{aims_id}:{version.pk}:{key}", actor=actor, payload=payload, aims_id=aims_id)


@transaction.atomic
def draft_review(
    version: EvidenceVersion, requirement: Requirement, proposal: Proposal, *, actor: Actor
) -> Review | None:
    """Keep a draft in place of an older one; what a person confirmed is left as it is."""
    row = Review.objects.select_for_update().filter(evidence_version=version, requirement=requirement).first()
    if row is not None and row.is_confirmed:
        return None
    told = _told(proposal)
    if row is None:
        row = Review(aims_id=version.aims_id, evidence_version=version, requirement=requirement, **told)
        change = Change.new(row)
    else:
        change = Change.of(row, **told)
    change.save(actor=actor, reason="")
    model = {"system": proposal.provider or "assay", "version": proposal.model or proposal.method, "artefact": None}
    record(DRAFTED, row, actor=actor, change=change, model=model)
    return row


@transaction.atomic
def confirm_review(review: Review, *, score: int, reason: str = "", seen: int, actor: Actor) -> Review:
    """Say how good a version is as proof for a control; another score than the drafted one needs a reason."""
    require(
        may_confirm_review(actor), _("Reviews are confirmed by reviewers and officers who are no internal auditor.")
    )
    row = Review.objects.select_for_update().get(pk=review.pk)
    version = EvidenceVersion.objects.select_related("evidence").get(pk=row.evidence_version_id)
    _refuse_the_partial(version, actor)
    hold_apart(row, seen, score=score, reason=reason)
    if not 0 <= score <= 5:
        raise NotReviewable(_("A score is between 0 and 5."), field="score")
    if version.evidence.withdrawn_at:
        raise NotReviewable(_("%(code)s was withdrawn.") % {"code": version.evidence.code})
    reason = reason.strip()
    if score != row.drafted and not reason:
        raise NotReviewable(_("Say why the score is another than the draft's."), field="reason")
    said = {"score": score, "reason": reason, "confirmed_by_id": actor.user_id, "confirmed_at": clock.now()}
    change = Change.of(row, **said)
    change.save(actor=actor, reason=reason)
    record(REVIEWED, row, actor=actor, change=change, reason=reason)
    return row


def _refuse_the_partial(version: EvidenceVersion, actor: Actor) -> None:
    """Keep apart who gives, who reviews and who audits the same period."""
    if version.given_by_id is not None and version.given_by_id == actor.user_id:
        raise NotReviewable(_("You gave this version. Somebody else reviews it."))
    if was_auditor(actor.user_id, begin_of(version)):
        raise NotReviewable(
            _("You are or were an internal auditor in the time that this covers. Somebody else reviews it.")
        )


def begin_of(version: EvidenceVersion) -> datetime:
    """Return from when on an internal auditor would audit their own review: since it was given, or what it covers."""
    if version.covers_from is None:
        return version.given_at
    return min(version.given_at, datetime.combine(version.covers_from, time.min, UTC))


def was_auditor(user_id: int | None, since: datetime) -> bool:
    """Whether a person held the internal auditor's role at any time since."""
    held = Membership.objects.filter(user=user_id, role=Role.AUDITOR)
    ended = Q(revoked_at__isnull=False, revoked_at__lt=since) | Q(valid_until__isnull=False, valid_until__lt=since)
    return held.exclude(ended).filter(valid_from__lte=clock.now()).exists()


def _told(proposal: Proposal) -> dict[str, Any]:
    draft = proposal.draft
    return {
        "drafted": draft.score,
        "confidence": round(100 * draft.confidence),
        "dimensions": dict(draft.dimensions),
        "strengths": _plain(draft.strengths),
        "flags": _plain(draft.flags),
        "method": proposal.method[:120],
        "provider": proposal.provider[:200],
        "model": proposal.model[:120],
        "prompt": proposal.prompt[:60],
        "note": proposal.note[:300],
        "drafted_at": clock.now(),
    }


def _plain(findings: tuple[Finding, ...]) -> list[dict[str, str]]:
    return [{"says": one.says[:LONGEST], "quote": one.quote[:LONGEST]} for one in findings[:MOST_FINDINGS]]
