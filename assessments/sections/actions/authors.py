"""Name who writes an assessment beside its author, and take them off it."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from accounts.roles import WRITERS
from aims.hands import people_with
from assessments.actions.shared import NotWritable, changed, made, opened
from assessments.models import Assessment, CoAuthor
from assessments.sections.events import CO_AUTHOR_NAMED, CO_AUTHOR_WITHDRAWN


@transaction.atomic
def name_co_author(assessment: Assessment, user: User, *, actor: Actor) -> CoAuthor:
    """Let a control owner write an assessment that is not theirs; who writes it does not decide on it."""
    row = opened(assessment, actor)
    if not any(user in people_with(role, clock.now(), frozenset()) for role in WRITERS):
        raise NotWritable(
            _("A co-author is a control owner or a compliance officer of this organisation."), field="user"
        )
    if user.pk == row.author_id or CoAuthor.objects.filter(assessment=row, user=user, withdrawn_at=None).exists():
        raise NotWritable(_("%(name)s writes it already.") % {"name": user.display_name}, field="user")
    return made(CoAuthor(aims_id=row.aims_id, assessment=row, user=user), CO_AUTHOR_NAMED, actor=actor)


@transaction.atomic
def withdraw_co_author(co_author: CoAuthor, *, seen: int, actor: Actor) -> CoAuthor:
    """Take somebody off it; what they wrote stays, and so does that they wrote it."""
    opened(co_author.assessment, actor)
    row = CoAuthor.objects.select_for_update().get(pk=co_author.pk, withdrawn_at__isnull=True)
    return changed(row, CO_AUTHOR_WITHDRAWN, seen=seen, actor=actor, withdrawn_at=clock.now())
