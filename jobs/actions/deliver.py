"""Send mail at most once a key: `new`, `sending`, `sent`, with a Message-ID that follows from the key."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from accounts import clock
from jobs.models import Attachment, Delivery, DeliveryState
from jobs.registry import told_of

BYTES = "application/octet-stream"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Topic:
    """Who is told that the mail was sent (`registry.when_sent`), and what they need to know."""

    name: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def deliver(
    *,
    key: str,
    to: str,
    subject: str,
    body: str,
    aims_id: int | None = None,
    files: Mapping[str, bytes] | None = None,
    topic: Topic | None = None,
) -> Delivery:
    """Write a message with its files, by their names, down for sending; the same key again returns the first one."""
    topic = topic or Topic()
    item, is_new = Delivery.objects.get_or_create(
        key=key,
        defaults={
            "to": to,
            "subject": " ".join(subject.split())[:200],
            "body": body,
            "message_id": f"<{sha256(key.encode()).hexdigest()[:40]}@assay>",
            "aims_id": aims_id,
            "topic": topic.name,
            "about": dict(topic.about),
        },
    )
    if is_new and files:
        Attachment.objects.bulk_create(Attachment(delivery=item, name=name, data=data) for name, data in files.items())
    return item


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
    try:
        _message(item, server).send()
    except (SMTPResponseException, SMTPRecipientsRefused, ValueError) as error:
        log.warning("Mail %s was refused: %s", pk, error)
        _note(pk, state=DeliveryState.FAILED, error=f"{type(error).__name__}: {error}")
        return False
    except (SMTPException, OSError) as error:
        _note(pk, error=f"{type(error).__name__}: {error}")
        raise CutOff(f"Mail {pk} was cut off ({error}); a person has to see whether it arrived.") from error
    _sent(item)
    return True


def _message(item: Delivery, server: BaseEmailBackend) -> EmailMessage:
    """Files go as bytes, which base64 carries through every server as they are; text may be changed on its way."""
    headers = {"Message-ID": item.message_id}
    message = EmailMessage(item.subject, item.body, to=[item.to], headers=headers, connection=server)
    for file in item.attachments.order_by("pk"):
        message.attach(file.name, bytes(file.data), BYTES)
    return message


def _sent(item: Delivery) -> None:
    """Mark the mail and tell who asked to be told, together; it did leave, so it is marked even if they fail."""
    done = {"state": DeliveryState.SENT, "sent_at": clock.now()}
    told = told_of(item.topic)
    try:
        with transaction.atomic():
            _note(item.pk, **done)
            if told:
                told(item)
    except Exception as error:
        log.exception("Mail %s was sent, but what follows from it failed.", item.pk)
        _note(item.pk, **done, error=f"Sent, but not recorded: {type(error).__name__}: {error}")


def _note(pk: int, **what: Any) -> None:
    Delivery.objects.filter(pk=pk, state=DeliveryState.SENDING).update(**what)
