"""Send the newest checkpoint to an auditor: written down now, recorded once the mail server took it."""

from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor, service
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import Refusal, require
from aims.invitations import has_address
from aims.models import Aims, Membership
from aims.queries import actor_for
from jobs.actions import Topic, deliver
from jobs.models import Delivery, DeliveryState
from ledger.actions import record, sign_now
from ledger.change import Facts
from ledger.events import SENT
from ledger.models import Anchor, AnchorKind, Checkpoint
from trace.actions.trouble import mail_subject, trouble_over
from trace.anchoring.letter import file_name, letter
from trace.anchoring.newest import newest_checkpoint
from trace.anchoring.recipients import AUDITING, in_force
from trace.permissions import may_send

TOPIC = "checkpoint"
ANCHORS = service("anchors")


class NotAnAuditor(Refusal):
    """The membership is not that of an auditor, does not hold now, or no mail reaches the person."""


@transaction.atomic
def send_checkpoint(aims: Aims, membership: Membership, *, actor: Actor) -> Delivery:
    """Mail the newest checkpoint to one auditor of the AIMS in context, signed now where this process may sign.

    The ticker sends it within seconds. Asking twice for the same checkpoint and person writes one mail, unless the
    first one was refused. Raises NotAnAuditor, NotSigned, and RolledBack for a log that is older than a checkpoint
    known outside.
    """
    require(may_send(actor), _("Checkpoints are sent by administrators, compliance officers and internal auditors."))
    row = in_force(*AUDITING).filter(pk=membership.pk or 0).first()
    if row is None:
        raise NotAnAuditor(_("Checkpoints are sent to auditors whose membership is in force."), field="membership")
    if not has_address(row.user):
        raise NotAnAuditor(_("%(user)s has no e-mail address yet.") % {"user": row.user}, field="membership")
    sign_now(aims.pk)
    return write_to(aims, row, newest_checkpoint(aims.pk), actor=actor)


def write_to(aims: Aims, membership: Membership, row: Checkpoint, *, actor: Actor) -> Delivery:
    """Write the mail with the checkpoint's bytes down for sending."""
    person, told = membership.user, letter(aims, row, membership)
    stem = f"{TOPIC}:{row.log.origin}:{row.size}:{person.pk}/"
    refused = Delivery.objects.filter(key__startswith=stem, state=DeliveryState.FAILED).count()
    about = {
        "checkpoint": row.pk,
        "membership": membership.pk,
        "person": person.pk,
        "by": actor.user_id,
        "auth_method": actor.auth_method,
        "request_id": actor.request_id,
    }
    return deliver(
        key=f"{stem}{refused}",
        to=person.email,
        subject=told.subject,
        body=told.body,
        aims_id=aims.pk,
        files={file_name(aims, row): bytes(row.note)},
        topic=Topic(TOPIC, about),
    )


def note_sent(item: Delivery) -> None:
    """Record that a checkpoint left by mail; run with the mail's `sent`, so that nothing else is ever called sent."""
    aims = Aims.objects.get(pk=item.aims_id or 0)
    with acting_in(aims):
        row = Checkpoint.objects.get(pk=item.about["checkpoint"])
        membership = Membership.objects.select_related("user").get(pk=item.about["membership"])
        keep_sent(row, membership, actor=_asked_by(item, aims))


@transaction.atomic
def keep_sent(row: Checkpoint, membership: Membership, *, actor: Actor) -> Anchor:
    """Record to whom a checkpoint was sent, by pseudonym in the chain, and keep the anchor."""
    person = membership.user
    decision = {
        "outcome": f"sent to {person.pseudonym}",
        "reason": "sending a checkpoint continues, limits, defers and refuses nothing",
    }
    told = Facts(after={"sent_to": person.display_name})
    digest = sha256(row.note).hexdigest()
    record(SENT, row, actor=actor, change=told, after_hash=digest, decision=decision)
    anchor = Anchor(checkpoint=row, aims_id=row.aims_id, kind=AnchorKind.MAIL, person=person, place=membership.ref)
    anchor.save(force_insert=True)
    trouble_over(mail_subject(person.pk), actor=actor)
    return anchor


def _asked_by(item: Delivery, aims: Aims) -> Actor:
    """Return the person who asked for it, or the service that sends each day."""
    person = User.objects.filter(pk=item.about["by"]).first() if item.about["by"] else None
    how = {"auth_method": item.about["auth_method"], "request_id": item.about["request_id"]}
    return (person and actor_for(person, aims, **how)) or ANCHORS
