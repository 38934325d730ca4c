"""Link evidence to the controls and clauses it serves, and take a link back with a reason."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from controls.models import Requirement, RequirementKind
from evidence.events import LINKED, UNLINKED
from evidence.models import Evidence, EvidenceLink, LinkSource
from evidence.permissions import may_give, may_unlink
from ledger.actions import record
from ledger.change import Change, hold_apart
from systems.models import AiSystem


class NotLinkable(Refusal):
    """The link cannot be made or taken back; the message says why."""

    field = "requirements"


@transaction.atomic
def link_evidence(
    evidence: Evidence,
    requirements: Iterable[Requirement],
    *,
    actor: Actor,
    system: AiSystem | None = None,
    system_version: str = "",
    reason: str = "",
    source: LinkSource = LinkSource.PERSON,
) -> list[EvidenceLink]:
    """Say that the item serves these requirements; links that stand already are left as they are."""
    require(may_give(actor, evidence), _("Linking evidence takes an officer, an administrator or a control owner."))
    row = Evidence.objects.select_for_update().get(pk=evidence.pk)
    if row.withdrawn_at:
        raise NotLinkable(_("%(code)s was withdrawn. Link something that holds.") % {"code": row.code})
    links = add_links(
        row, requirements, system=system, system_version=system_version, reason=reason, source=source, actor=actor
    )
    if links:
        after = {"links": [link.requirement.ref for link in links]} | ({"system": system.ref} if system else {})
        record(LINKED, row, actor=actor, change=Change(row, {}, after, is_new=False), reason=reason)
    return links


def add_links(
    evidence: Evidence,
    requirements: Iterable[Requirement],
    *,
    actor: Actor,
    system: AiSystem | None = None,
    system_version: str = "",
    reason: str = "",
    source: LinkSource = LinkSource.PERSON,
) -> list[EvidenceLink]:
    """Save the links that are not there yet and return them; the caller records the act."""
    wanted = {requirement.pk: requirement for requirement in requirements}
    _refuse_the_unlinkable(evidence, wanted.values(), system)
    held = EvidenceLink.objects.filter(evidence=evidence, system=system, withdrawn_at__isnull=True)
    standing = set(held.values_list("requirement_id", flat=True))
    links = []
    for pk, requirement in wanted.items():
        if pk not in standing:
            link = EvidenceLink(
                aims_id=evidence.aims_id,
                requirement=requirement,
                evidence=evidence,
                system=system,
                system_version=system_version or (system.model_version if system else ""),
                source=source,
                by_id=actor.user_id,
                reason=reason[:300],
                linked_at=clock.now(),
            )
            Change.new(link).save(actor=actor, reason=reason)
            links.append(link)
    return links


def _refuse_the_unlinkable(evidence: Evidence, wanted: Iterable[Requirement], system: AiSystem | None) -> None:
    for requirement in wanted:
        is_foreign = requirement.aims_id not in (None, evidence.aims_id)
        if is_foreign or requirement.kind == RequirementKind.AREA or requirement.retired_at:
            raise NotLinkable(_("Evidence serves clauses and controls; choose among those offered."))
    if system is not None and system.aims_id != evidence.aims_id:
        raise NotLinkable(_("There is no such AI system here."), field="system")


@transaction.atomic
def withdraw_link(link: EvidenceLink, *, reason: str, actor: Actor, seen: int | None = None) -> EvidenceLink:
    """Take a link back with the reason; its history stays. `seen` is the version of the link the writer saw."""
    row = EvidenceLink.objects.select_for_update(of=("self",)).select_related("evidence", "requirement").get(pk=link.pk)
    require(may_unlink(actor, row), _("A link is withdrawn by who made it, or by a compliance officer."))
    if seen is not None:
        hold_apart(row, seen, reason=reason)
    if row.withdrawn_at:
        raise NotLinkable(_("This link was withdrawn already."), field="reason")
    if not reason.strip():
        raise NotLinkable(_("Say why the link no longer holds."), field="reason")
    Change.of(row, withdrawn_at=clock.now()).save(actor=actor, reason=reason)
    gone = Change(row, {"links": [row.requirement.ref]}, {"links": []}, is_new=False)
    record(UNLINKED, row.evidence, actor=actor, change=gone, reason=reason)
    return row
