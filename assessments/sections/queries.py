"""Questions about the sections of an assessment: who else writes it."""

from accounts.actor import Actor
from accounts.roles import Role
from assessments.models import Assessment, CoAuthor


def co_author_ids(assessment: Assessment) -> list[int]:
    """The people who write beside the author: one query."""
    rows = CoAuthor.objects.filter(assessment=assessment.pk, withdrawn_at__isnull=True)
    return list(rows.values_list("user_id", flat=True))


def is_co_author(actor: Actor, assessment: Assessment) -> bool:
    """Whether a control owner was named to write it beside its author: at most one query."""
    if not (actor.is_person and actor.holds(Role.OWNER)):
        return False
    return any(actor.owns(user_id, Role.OWNER) for user_id in co_author_ids(assessment))
