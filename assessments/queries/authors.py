"""Who wrote what, for the rule that nobody decides on their own work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts import clock
from accounts.models import User
from accounts.roles import Role
from aims.models import Membership
from assessments.events import AUTHORING
from assessments.models import AffectedParty, Assessment, Impact, Measure, Risk
from ledger.models import Record

SCORES = ("likelihood", "severity", "residual_likelihood", "residual_severity")


def author_pseudonyms(assessment: Assessment, at: datetime | None = None) -> frozenset[str]:
    """Everyone who changed the assessment or a part of it since it began, by the signed chain (two queries a part).

    With `at`, those who had done so by then.
    """
    subjects = [assessment.ref]
    parts: tuple[tuple[str, Any], ...] = (
        (AffectedParty.ref_kind, AffectedParty.objects.filter(assessment=assessment)),
        (Impact.ref_kind, Impact.objects.filter(assessment=assessment)),
        (Measure.ref_kind, Measure.objects.filter(impact__assessment=assessment)),
    )
    for kind, rows in parts:
        subjects += [f"{kind}:{pk}" for pk in rows.values_list("pk", flat=True)]
    rows = Record.objects.filter(subject__in=subjects, event__in=AUTHORING)
    rows = rows if at is None else rows.filter(occurred_at__lte=at)
    return frozenset(rows.values_list("pseudonym", flat=True).distinct())


def approvers_of(authors: frozenset[str], at: datetime | None = None) -> list[User]:
    """The people who hold the approver role now, or held it at an instant, and wrote nothing of it."""
    when = at or clock.now()
    live = Membership.objects.filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=when), role=Role.APPROVER)
    live = live.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=when), valid_from__lte=when)
    people = User.objects.filter(pk__in=live.values("user_id"), is_active=True).exclude(pseudonym__in=authors)
    return list(people.order_by("name", "email"))


def score_writers(risk: Risk) -> frozenset[int]:
    """The people (ids) who wrote the scores that stand on a risk now."""
    rows = Risk.history.filter(id=risk.pk).order_by("history_id")
    return writers_of(list(rows.values("history_user_id", *SCORES)))


def writers_of(rows: Sequence[dict[str, Any]]) -> frozenset[int]:
    """For each score, the person since whose row (oldest first) its present value has stood without a break."""
    found = set()
    for name in SCORES:
        writer = None
        value = None
        for row in rows:
            if row[name] != value:
                value, writer = row[name], row["history_user_id"]
        if value is not None and writer is not None:
            found.add(writer)
    return frozenset(found)
