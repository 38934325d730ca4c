"""What is handed over of judgement: the bytes that decisions froze, of the editions that stood at an instant."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from assessments.models import Assessment


@dataclass(frozen=True, slots=True)
class FrozenAssessment:
    """A decided edition as it was frozen; its digest (hex SHA-256) is the one that the decision's record names."""

    ref_code: str
    digest: str
    data: bytes


def frozen_at(at: datetime) -> list[FrozenAssessment]:
    """Return the editions in force at an instant, by code; one query."""
    later = Assessment.objects.filter(replaces=OuterRef("pk"), decided_at__lte=at)
    rows = Assessment.objects.filter(decided_at__lte=at).exclude(Exists(later)).order_by("code", "pk")
    return [
        FrozenAssessment(f"{code}@{edition}", digest, bytes(frozen or b""))
        for code, edition, digest, frozen in rows.values_list("code", "edition", "digest", "frozen")
    ]
