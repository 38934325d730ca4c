"""Give a new version: it follows the older ones and touches none of them."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import require
from evidence.actions.content import Content, NotGivable, check, in_records, keep_version
from evidence.digest import digest_of, said_of
from evidence.events import RENEWED
from evidence.models import Evidence, EvidenceVersion
from evidence.permissions import may_give
from ledger.actions import record
from ledger.change import Change


@transaction.atomic
def give_version(evidence: Evidence, content: Content, *, actor: Actor) -> EvidenceVersion:
    """Add the next version; from the second on it says what changed. An awaited item becomes given by its first."""
    require(may_give(actor, evidence), _("Giving a version takes an officer, an administrator or a control owner."))
    row = Evidence.objects.select_for_update().get(pk=evidence.pk)
    if row.withdrawn_at:
        raise NotGivable(_("%(code)s was withdrawn. Give new evidence instead.") % {"code": row.code})
    check(content)
    last = EvidenceVersion.objects.filter(evidence=row).aggregate(last=Max("number"))["last"] or 0
    if last and not content.change_note.strip():
        raise NotGivable(_("Say what changed since version %(n)s.") % {"n": last}, field="change_note")
    change = Change.of(row, form=content.form) if row.form != content.form else Change(row, {}, {}, is_new=False)
    if change:
        change.save(actor=actor, reason=content.change_note)
    version, files = keep_version(row, last + 1, content, actor=actor)
    change.after |= said_of(version)
    record(
        RENEWED,
        row,
        actor=actor,
        change=change,
        reason=content.change_note.strip(),
        after_hash=digest_of(row, version, files),
        evidence=in_records(row, version, files),
    )
    return version
