"""Who drafts: the local rules, or the language model that an operator named; the rules keep the last word on faults."""

from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from evidence.reading import Document
from evidence.review.endpoint import PROMPT, NoDraft, ask
from evidence.review.judge import Draft, review


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft, and who made it: `note` says what kept a language model from it."""

    draft: Draft
    method: str
    provider: str = ""
    model: str = ""
    prompt: str = ""
    note: str = ""


def propose(document: Document, requirement: str, today: date) -> Proposal:
    """Return the draft for a document and a control; outside any transaction, for it may ask over the network.

    A language model's score is never above what the local rules allow a document with such faults, and it says nothing
    about a text that could not be read.
    """
    local = review(document, requirement, today)
    own = Proposal(local, f"{local.method} {local.version}")
    if not settings.REVIEW_ENDPOINT or not document.text.strip():
        return own
    try:
        said = ask(document, requirement)
    except NoDraft as error:
        return replace(own, note=_("The service did not draft it: %(why)s.") % {"why": error})
    is_steered = any(flag.says.startswith("Text that tells") for flag in local.flags)
    draft = replace(
        local,
        score=min(said.score, local.score) if is_steered or not local.score else said.score,
        strengths=said.strengths,
        flags=(*said.flags, *(flag for flag in local.flags if is_steered and flag.says.startswith("Text that tells"))),
        confidence=min(said.confidence, local.confidence) if is_steered else said.confidence,
        method="language model",
        version=PROMPT,
    )
    note = (
        _("%(n)s quotations were not in the document and were left out.") % {"n": said.dropped} if said.dropped else ""
    )
    return Proposal(draft, "language model", settings.REVIEW_ENDPOINT, settings.REVIEW_MODEL, PROMPT, note)
