"""Mail: at most once a key; what cannot be known is left to a person, what cannot be sent waits."""

from collections.abc import Sequence
from email import message_from_bytes, policy
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any, ClassVar

import pytest
from django.conf import settings as as_shipped
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from accounts.context import acting_in
from duties.actions import open_task
from duties.models import Task
from jobs import registry
from jobs.actions import Topic, deliver, send_waiting
from jobs.models import Delivery, DeliveryState
from tests.jobs.make import a_mail, at_once
from tests.make import an_organisation


class Trouble(BaseEmailBackend):
    """A mail server that fails as it is told to: `at_open`, or at the mail to a recipient."""

    at_open: ClassVar[Exception | None] = None
    at_mail: ClassVar[dict[str, Exception]] = {}
    sent: ClassVar[list[str]] = []

    def open(self) -> bool:
        if self.at_open:
            raise self.at_open
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if message.to[0] in self.at_mail:
                raise self.at_mail[message.to[0]]
            self.sent.append(message.to[0])
        return len(email_messages)


@pytest.fixture
def trouble(settings: Any, monkeypatch: pytest.MonkeyPatch) -> type[Trouble]:
    """Return the failing mail server, in use."""
    settings.EMAIL_BACKEND = "tests.jobs.test_deliver.Trouble"
    for name, value in (("at_open", None), ("at_mail", {}), ("sent", [])):
        monkeypatch.setattr(Trouble, name, value)
    return Trouble


def states() -> list[str]:
    """Return the states of all mails in order."""
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_the_console_is_the_mail_server_by_default() -> None:
    text = (as_shipped.BASE_DIR / "config" / "settings.py").read_text()
    assert 'env.email("EMAIL_URL", default="consolemail://")' in text


@pytest.mark.django_db
def test_a_mail_goes_out_once_with_a_message_id_of_its_key() -> None:
    first = a_mail("milestone:1")
    assert a_mail("milestone:1", to="someone.else@example.org") == first
    assert send_waiting() == 1
    assert send_waiting() == 0
    (sent,) = mail.outbox
    assert (sent.to, sent.extra_headers["Message-ID"]) == (["priya@example.org"], first.message_id)
    first.refresh_from_db()
    assert first.sent_at is not None


@pytest.mark.django_db
def test_a_subject_of_several_lines_is_one_line() -> None:
    assert a_mail(subject="Due\r\nBcc: all@example.org").subject == "Due Bcc: all@example.org"
    assert send_waiting() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.db_both
def test_several_senders_send_each_mail_once() -> None:
    for _number in range(10):
        a_mail()
    assert sum(at_once(send_waiting)) == 10
    assert len(mail.outbox) == 10
    assert set(states()) == {DeliveryState.SENT}


@pytest.mark.django_db
def test_what_was_being_sent_when_the_process_died_is_not_sent_again() -> None:
    item = a_mail()
    Delivery.objects.filter(pk=item.pk).update(state=DeliveryState.SENDING)
    assert send_waiting() == 0
    assert mail.outbox == []


@pytest.mark.django_db
def test_while_the_server_is_away_mails_wait(trouble: type[Trouble]) -> None:
    a_mail()
    trouble.at_open = ConnectionRefusedError("refused")
    assert send_waiting() == 0
    assert states() == ["new"]
    trouble.at_open = None
    assert send_waiting() == 1


@pytest.mark.django_db
def test_a_refused_mail_fails_and_the_others_go_out(trouble: type[Trouble]) -> None:
    bad = a_mail(to="gone@example.org")
    a_mail(to="here@example.org")
    trouble.at_mail = {"gone@example.org": SMTPRecipientsRefused({"gone@example.org": (550, b"no such user")})}
    assert send_waiting() == 1
    assert states() == ["failed", "sent"]
    bad.refresh_from_db()
    assert "no such user" in bad.error


@pytest.mark.django_db
def test_a_mail_cut_off_on_its_way_stays_for_a_person_and_the_rest_waits(trouble: type[Trouble]) -> None:
    a_mail(to="first@example.org")
    a_mail(to="second@example.org")
    trouble.at_mail = {"first@example.org": SMTPServerDisconnected("connection lost")}
    assert send_waiting() == 0
    assert states() == ["sending", "new"]
    assert send_waiting() == 1
    assert states() == ["sending", "sent"]
    assert trouble.sent == ["second@example.org"]


@pytest.mark.django_db
def test_mails_go_out_in_the_order_they_were_written_a_beat_at_a_time() -> None:
    for number in range(3):
        deliver(key=str(number), to=f"{number}@example.org", subject="Due", body="Soon")
    assert send_waiting(limit=2) == 2
    assert [sent.to[0] for sent in mail.outbox] == ["0@example.org", "1@example.org"]


@pytest.mark.django_db
def test_a_file_arrives_byte_for_byte() -> None:
    data = "— assay/1 ąä\r\nends in LF\n\n".encode() + bytes(range(256))
    item = deliver(key="1", to="priya@example.org", subject="Checkpoint", body="See the file.", files={"c.txt": data})
    assert deliver(key="1", to="x@example.org", subject="x", body="x", files={"d.txt": b"2"}) == item
    assert send_waiting() == 1
    received = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=policy.default)
    (file,) = received.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("c.txt", "application/octet-stream")
    assert file["Content-Transfer-Encoding"] == "base64"
    assert file.get_payload(decode=True) == data


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Return what a topic's listener was told."""
    heard: list[tuple[str, Any]] = []
    listen = {"test": lambda item: heard.append((item.to, item.about))}
    monkeypatch.setattr(registry, "_sent", listen)
    return heard


@pytest.mark.django_db
def test_who_asked_is_told_once_it_was_sent_and_never_before(
    trouble: type[Trouble], told: list[tuple[str, Any]]
) -> None:
    trouble.at_mail = {"gone@example.org": SMTPRecipientsRefused({"gone@example.org": (550, b"no such user")})}
    for number, to in enumerate(("gone@example.org", "here@example.org")):
        deliver(key=str(number), to=to, subject="S", body="B", topic=Topic("test", {"size": number}))
    assert told == []
    send_waiting()
    send_waiting()
    assert told == [("here@example.org", {"size": 1})]


@pytest.mark.django_db
def test_a_mail_that_left_stays_sent_when_what_follows_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_item: Delivery) -> None:
        open_task("test", "mail:1", "Half written", owner_id=None)
        raise ValueError("no record")

    monkeypatch.setattr(registry, "_sent", {"test": fail})
    deliver(key="1", to="priya@example.org", subject="S", body="B", topic=Topic("test"))
    with acting_in(an_organisation()[0]):
        assert send_waiting() == 1
        assert not Task.objects.exists()
    item = Delivery.objects.get()
    assert (item.state, item.error) == (DeliveryState.SENT, "Sent, but not recorded: ValueError: no record")
    assert len(mail.outbox) == 1
