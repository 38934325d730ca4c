"""Who wrote what, for the rule that nobody decides on their own work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from accounts import clock
from accounts.models import User
from accounts.roles import Role
from accounts.separation import Hands, hands
from aims.hands import hands_in, people_with
from assessments.events import AUTHORING, RATING
from assessments.models import AffectedParty, Assessment, Impact, Measure, Risk, SectionText
from ledger.models import Record

SCORES = ("likelihood", "severity", "residual_likelihood", "residual_severity")


def authors_of(assessment: Assessment, at: datetime | None = None) -> Hands:
    """Everyone who changed the assessment or a part of it since it began, by the signed chain, and who they stood for.

    With `at`, those who had done so by then. One query.
    """
    rows = Record.objects.filter(subject__in=_subjects(assessment), event__in=AUTHORING)
    rows = rows if at is None else rows.filter(occurred_at__lte=at)
    return hands([assessment.author_id], hands_in(rows))


def _subjects(assessment: Assessment) -> Any:
    """The references of the assessment and of every part, withdrawn ones too, for a query to look in."""
    models: tuple[tuple[Any, str], ...] = (
        (AffectedParty, "assessment"),
        (Impact, "assessment"),
        (SectionText, "assessment"),
        (Measure, "impact__assessment"),
    )
    own = Assessment.objects.filter(pk=assessment.pk).order_by().annotate(named=Value(assessment.ref, CharField()))
    parts = [
        model.objects.filter(**{owner: assessment.pk})
        .order_by()
        .annotate(named=Concat(Value(f"{model.ref_kind}:"), Cast("pk", CharField()), output_field=CharField()))
        .values_list("named")
        for model, owner in models
    ]
    return own.values_list("named").union(*parts, all=True)


def approvers_of(authors: Hands, at: datetime | None = None) -> list[User]:
    """The people who hold the approver role now, or held it at an instant, and wrote nothing of it."""
    return people_with(Role.APPROVER, at or clock.now(), authors)


def score_writers(risk: Risk) -> Hands:
    """The people (ids) who wrote the scores that stand on a risk now, and (pseudonyms) whom they stood in for."""
    rows = Risk.history.filter(id=risk.pk).order_by("history_id")
    writers = writers_of(list(rows.values("history_user_id", *SCORES)))
    names = list(User.objects.filter(pk__in=writers).values_list("pseudonym", flat=True))
    acts = Record.objects.filter(subject=risk.ref, event__in=RATING, pseudonym__in=names)
    return hands(writers, hands_in(acts))


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
