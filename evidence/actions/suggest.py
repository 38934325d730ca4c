"""Suggestions of the matcher: have them made, keep them, and let a person accept or refuse each."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from controls.models import Requirement
from evidence.actions.link import link_evidence
from evidence.events import ACCEPTED, REFUSED, SUGGESTED
from evidence.models import EvidenceLink, EvidenceVersion, FileText, LinkSource, Suggestion, SuggestionState
from evidence.permissions import may_judge_suggestion
from jobs.actions import enqueue
from ledger.actions import record
from ledger.change import Change, Facts

KIND = "evidence.match"


class NotOpen(Refusal):
    """Somebody decided about this suggestion already."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the matcher proposes: a requirement by its code, how sure it is in percent, and the words that say so."""

    code: str
    confidence: int
    passage: str
    source: str


def ask_to_match(sums: Collection[str], *, actor: Actor) -> None:
    """Write a job for every version that holds these bytes; one that has words by now is matched once more."""
    if not sums:
        return
    aims_id = current_aims_id()
    versions = EvidenceVersion.objects.filter(files__sha256__in=sums, evidence__withdrawn_at__isnull=True).distinct()
    for version in versions.select_related("evidence").prefetch_related("files"):
        held = {file.sha256 for file in version.files.all()}
        read = FileText.objects.filter(sha256__in=held).exclude(text="").count()
        key = f"{aims_id}:{version.evidence.code}@{version.number}+{read}"
        enqueue(KIND, dedupe_key=key, actor=actor, payload={"version": version.pk}, aims_id=aims_id)


@transaction.atomic
def note_suggestions(
    version: EvidenceVersion, proposed: Iterable[Proposed], *, matcher: str, actor: Actor
) -> list[Suggestion]:
    """Keep what the matcher proposes and nobody has linked, proposed to this version or refused for the item yet."""
    rows = {row.code: row for row in Requirement.objects.filter(code__in=[one.code for one in proposed])}
    done = _settled(version)
    made = []
    for one in proposed:
        requirement = rows.get(one.code)
        if requirement is None or requirement.pk in done:
            continue
        row = Suggestion(
            aims_id=version.aims_id,
            evidence_version=version,
            requirement=requirement,
            confidence=one.confidence,
            passage=one.passage,
            source=one.source[:255],
            matcher=matcher[:120],
            made_at=clock.now(),
        )
        Change.new(row).save(actor=actor, reason="")
        made.append(row)
    if made:
        said = {"suggested": [f"{row.requirement.ref} {row.confidence}%" for row in made], "matcher": matcher}
        record(SUGGESTED, version.evidence, actor=actor, change=Facts({}, said))
    return made


def _settled(version: EvidenceVersion) -> set[int]:
    """Return the requirements that need no suggestion, in two queries."""
    links = EvidenceLink.objects.held().filter(evidence=version.evidence_id).values_list("requirement_id", flat=True)
    before = Suggestion.objects.filter(evidence_version__evidence=version.evidence_id)
    refused = before.filter(state=SuggestionState.REFUSED) | before.filter(evidence_version=version)
    return set(links) | set(refused.values_list("requirement_id", flat=True))


@transaction.atomic
def accept_suggestion(suggestion: Suggestion, *, actor: Actor, reason: str = "") -> Suggestion:
    """Link the item to what was suggested; the link is the person's, and says that a suggestion began it."""
    row = _open(suggestion, actor)
    evidence = row.evidence_version.evidence
    link_evidence(evidence, [row.requirement], actor=actor, reason=reason, source=LinkSource.SUGGESTION)
    return _decide(row, SuggestionState.ACCEPTED, reason, actor)


@transaction.atomic
def refuse_suggestion(suggestion: Suggestion, *, actor: Actor, reason: str = "") -> Suggestion:
    """Say that the item does not serve what was suggested; it is not suggested for this item again."""
    return _decide(_open(suggestion, actor), SuggestionState.REFUSED, reason, actor)


def _open(suggestion: Suggestion, actor: Actor) -> Suggestion:
    require(may_judge_suggestion(actor), _("Suggestions are judged by officers, administrators and control owners."))
    rows = Suggestion.objects.select_for_update(of=("self",))
    row = rows.select_related("evidence_version__evidence", "requirement").get(pk=suggestion.pk)
    if row.state != SuggestionState.OPEN:
        raise NotOpen(_("Somebody decided about this suggestion already."))
    return row


def _decide(row: Suggestion, state: SuggestionState, reason: str, actor: Actor) -> Suggestion:
    reason = reason.strip()[:300]
    change = Change.of(row, state=state, decided_by_id=actor.user_id, decided_at=clock.now(), reason=reason)
    change.save(actor=actor, reason=reason)
    event = ACCEPTED if state == SuggestionState.ACCEPTED else REFUSED
    said = {"suggestion": row.requirement.ref, "version": row.evidence_version.number, "confidence": row.confidence}
    record(event, row.evidence_version.evidence, actor=actor, change=Facts({}, said), reason=reason)
    return row
