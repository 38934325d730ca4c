"""Questions about the sections of an assessment: what is told, what is missing, what was remarked."""

from assessments.models import Assessment, CoAuthor


def co_author_ids(assessment: Assessment) -> list[int]:
    """The people who write beside the author: one query."""
    rows = CoAuthor.objects.filter(assessment=assessment.pk, withdrawn_at__isnull=True)
    return list(rows.values_list("user_id", flat=True))
