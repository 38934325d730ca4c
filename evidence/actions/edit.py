"""Edit what an item is called, what kind it is and who answers for it; never what was given."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from accounts.refusals import require
from evidence.actions.content import NotGivable, check_owner
from evidence.events import EDITED
from evidence.models import Evidence, EvidenceKind
from evidence.permissions import may_edit
from ledger.actions import record
from ledger.change import Change, hold_apart


@transaction.atomic
def edit_evidence(
    evidence: Evidence, *, title: str, kind: EvidenceKind | str, owner: User | None, seen: int, actor: Actor
) -> Evidence:
    """Change title, kind and owner of an item that holds."""
    row = Evidence.objects.select_for_update().get(pk=evidence.pk)
    require(may_edit(actor, row), _("Editing this item takes its owner, a compliance officer or an administrator."))
    actor = actor.on_behalf_of(row.owner_id)
    hold_apart(row, seen, title=title, kind=kind, owner=owner)
    if row.withdrawn_at:
        raise NotGivable(_("%(code)s was withdrawn and stays as it was.") % {"code": row.code})
    if not title.strip() or len(title.strip()) > 200:
        raise NotGivable(_("Say what it is called, in at most 200 characters."), field="title")
    if kind not in EvidenceKind:
        raise NotGivable(_("It is a document or a record."), field="kind")
    check_owner(owner)
    change = Change.of(row, title=title.strip(), kind=kind, owner=owner)
    if change:
        change.save(actor=actor)
        record(EDITED, row, actor=actor, change=change)
    return row
