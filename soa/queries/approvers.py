"""Who wrote a version or works at a control, and so who may not approve the one or test the other."""

from django.db.models import Q

from accounts import clock
from accounts.models import User
from accounts.roles import Role
from accounts.separation import Hands, hands
from aims.hands import hands_in, people_with
from evidence.models import EvidenceLink, EvidenceVersion
from ledger.models import Record
from soa.events import APPROVED, CHANGES, SUBMITTED
from soa.models import Entry, StatementVersion


def authors_of(version: StatementVersion) -> Hands:
    """Return everyone who submitted it or changed a row since the last approved version, and whom they stood in for."""
    rows = Record.objects.filter(event__in=CHANGES, occurred_at__lte=version.submitted_at)
    last = Record.objects.filter(event=APPROVED.name, occurred_at__lt=version.submitted_at).order_by("-pk").first()
    if last is not None:
        since = StatementVersion.objects.filter(
            decided_at__isnull=False, number=version.number - 1, state__in=["approved", "superseded"]
        )
        start = since.values_list("submitted_at", flat=True).first() or last.occurred_at
        rows = rows.filter(occurred_at__gt=start)
    submitted = Record.objects.filter(event=SUBMITTED.name, subject=version.ref)
    return hands([version.submitted_by_id], hands_in(rows | submitted))


def workers_at(entry: Entry) -> Hands:
    """Return everyone whose work a test of this control would judge: its owner, who wrote its row, who proved it."""
    refs = Q(subject=entry.ref) | Q(subject__startswith=f"entry-system:{entry.ref_code}/")
    links = EvidenceLink.objects.filter(requirement=entry.requirement_id, withdrawn_at__isnull=True)
    given = EvidenceVersion.objects.filter(evidence__in=links.values("evidence")).values_list("given_by_id", flat=True)
    told = links.values_list("by_id", "evidence__owner_id")
    wrote = hands_in(Record.objects.filter(refs, event__in=CHANGES))
    return hands([entry.owner_id], given, *told, wrote)


def approvers_for(version: StatementVersion) -> list[User]:
    """Return the people who may approve it: approvers who neither submitted nor wrote any of it."""
    return people_with(Role.APPROVER, clock.now(), authors_of(version))
