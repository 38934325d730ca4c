"""Send mail at most once a key: `new`, `sending`, `sent`, with a Message-ID that follows from the key."""

import logging
from hashlib import sha256
from smtplib import SMTPException

from django.core.mail import EmailMessage

from accounts import clock
from jobs.models import Delivery, DeliveryState

log = logging.getLogger(__name__)


def deliver(*, key: str, to: str, subject: str, body: str, aims_id: int | None = None) -> Delivery:
    """Write a message down for sending; the same key again returns the first one."""
    message_id = f"<{sha256(key.encode()).hexdigest()[:40]}@assay>"
    fields = {"to": to, "subject": subject[:200], "body": body, "message_id": message_id, "aims_id": aims_id}
    return Delivery.objects.get_or_create(key=key[:200], defaults=fields)[0]


def send_waiting(limit: int = 200) -> int:
    """Send what is new and return how many went out; called by the ticker, never inside a business transaction."""
    keys = Delivery.objects.filter(state=DeliveryState.NEW).order_by("pk").values_list("pk", flat=True)[:limit]
    return sum(_send(pk) for pk in list(keys))


def _send(pk: int) -> bool:
    if not Delivery.objects.filter(pk=pk, state=DeliveryState.NEW).update(state=DeliveryState.SENDING):
        return False
    item = Delivery.objects.get(pk=pk)
    mail = EmailMessage(item.subject, item.body, to=[item.to], headers={"Message-ID": item.message_id})
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        log.warning("Mail %s was refused: %s", pk, error)
        Delivery.objects.filter(pk=pk).update(state=DeliveryState.FAILED, error=str(error))
        return False
    Delivery.objects.filter(pk=pk).update(state=DeliveryState.SENT, sent_at=clock.now())
    return True
