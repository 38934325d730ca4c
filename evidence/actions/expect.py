"""Expect evidence: an item that somebody named, without any version, still to be given."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from accounts.refusals import require
from controls.models import Requirement
from evidence.actions.give import begin
from evidence.actions.link import add_links, link_evidence
from evidence.events import EXPECTED
from evidence.models import Evidence, EvidenceForm, EvidenceKind, LinkSource
from evidence.permissions import may_give
from ledger.actions import record
from ledger.change import Change


@transaction.atomic
def expect_evidence(
    title: str,
    *,
    actor: Actor,
    requirements: Iterable[Requirement] = (),
    kind: EvidenceKind | str = EvidenceKind.DOCUMENT,
    owner: User | None = None,
    reason: str = "",
    source: LinkSource = LinkSource.IMPORT,
) -> Evidence:
    """Name a piece of proof and what it will serve; one that holds under the same title is linked, not doubled."""
    require(may_give(actor), _("Naming evidence takes a compliance officer, an administrator or a control owner."))
    held = Evidence.objects.live().filter(title__iexact=title.strip()).first()
    if held is not None:
        link_evidence(held, requirements, actor=actor, reason=reason, source=source)
        return held
    evidence = begin(title, kind, EvidenceForm.FILE, owner)
    change = Change.new(evidence)
    change.save(actor=actor, reason=reason)
    links = add_links(evidence, requirements, actor=actor, reason=reason, source=source)
    change.after["links"] = [link.requirement.ref for link in links]
    record(EXPECTED, evidence, actor=actor, change=change, reason=reason)
    return evidence
