"""Send mail at most once a key: `new`, `sending`, `sent`, with a Message-ID that follows from the key."""

import logging
from hashlib import sha256
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from accounts import clock
from jobs.models import Delivery, DeliveryState

log = logging.getLogger(__name__)


def deliver(*, key: str, to: str, subject: str, body: str, aims_id: int | None = None) -> Delivery:
    """Write a message down for sending; the same key again returns the first one."""
    message_id = f"<{sha256(key.encode()).hexdigest()[:40]}@assay>"
    line = " ".join(subject.split())[:200]
    fields = {"to": to, "subject": line, "body": body, "message_id": message_id, "aims_id": aims_id}
    return Delivery.objects.get_or_create(key=key, defaults=fields)[0]


def send_waiting(limit: int = 200) -> int:
    """Send what is new and return how many went out; called by the ticker, never inside a business transaction.

    While the mail server cannot be reached nothing is claimed, so that everything goes out once it is back.
    """
    keys = list(Delivery.objects.filter(state=DeliveryState.NEW).order_by("pk").values_list("pk", flat=True)[:limit])
    if not keys:
        return 0
    server = get_connection()
    try:
        server.open()
    except (SMTPException, OSError) as error:
        log.warning("The mail server is away (%s); %s mails wait.", error, len(keys))
        return 0
    try:
        return _send_all(keys, server)
    finally:
        server.close()


class CutOff(Exception):
    """The connection broke while a mail was on its way; the rest waits for the next beat."""


def _send_all(keys: list[int], server: BaseEmailBackend) -> int:
    sent = 0
    try:
        for pk in keys:
            sent += _send(pk, server)
    except CutOff as error:
        log.warning("%s", error)
    return sent


def _send(pk: int, server: BaseEmailBackend) -> bool:
    if not Delivery.objects.filter(pk=pk, state=DeliveryState.NEW).update(state=DeliveryState.SENDING):
        return False
    item = Delivery.objects.get(pk=pk)
    headers = {"Message-ID": item.message_id}
    try:
        EmailMessage(item.subject, item.body, to=[item.to], headers=headers, connection=server).send()
    except (SMTPResponseException, SMTPRecipientsRefused, ValueError) as error:
        log.warning("Mail %s was refused: %s", pk, error)
        _note(pk, state=DeliveryState.FAILED, error=f"{type(error).__name__}: {error}")
        return False
    except (SMTPException, OSError) as error:
        _note(pk, error=f"{type(error).__name__}: {error}")
        raise CutOff(f"Mail {pk} was cut off ({error}); a person has to see whether it arrived.") from error
    _note(pk, state=DeliveryState.SENT, sent_at=clock.now())
    return True


def _note(pk: int, **what: Any) -> None:
    Delivery.objects.filter(pk=pk, state=DeliveryState.SENDING).update(**what)
