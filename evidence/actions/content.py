"""What a version is made of, checked and kept; the actions that give evidence share it."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.models import User
from accounts.refusals import Refusal
from aims.models import Aims, Invitation
from aims.queries import people
from evidence.actions.examine import ask_to_examine
from evidence.intake import Offered
from evidence.models import Evidence, EvidenceForm, EvidenceVersion, File
from ledger.change import plain


class NotGivable(Refusal):
    """The evidence cannot be given so; the message is written for its giver."""


@dataclass(frozen=True, slots=True)
class Content:
    """What somebody gives: files or a link, a note or a result, and the dates that go with it."""

    files: tuple[Offered, ...] = ()
    link: str = ""
    note: str = ""
    result: dict[str, Any] | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    made_on: date | None = None
    renew_by: date | None = None
    change_note: str = ""

    @property
    def form(self) -> EvidenceForm:
        """What it is made of; a note may accompany the others."""
        if self.files:
            return EvidenceForm.FILE
        if self.link:
            return EvidenceForm.LINK
        return EvidenceForm.RESULT if self.result else EvidenceForm.NOTE


def check(content: Content) -> None:
    """Refuse what an auditor could not use, raising NotGivable with the field at fault."""
    if not (content.files or content.link or content.result or content.note.strip()):
        raise NotGivable(_("Choose a file, or give a link, a note or a result."), field="files")
    if len(content.files) > settings.EVIDENCE_MAX_FILES:
        raise NotGivable(too_many_files(), field="files")
    if content.link and not content.link.lower().startswith(("https://", "http://")):
        raise NotGivable(_("A link begins with https:// or http://."), field="link")
    if content.result is not None:
        _check_result(content.result)
    _check_dates(content)


def check_owner(owner: User | None) -> None:
    """Refuse an owner who neither holds a role here nor was invited, raising NotGivable."""
    if owner is None or people().filter(pk=owner.pk).exists() or Invitation.objects.filter(user=owner).exists():
        return
    raise NotGivable(_("The owner is a person of this organisation; choose among those offered."), field="owner")


def too_many_files() -> str:
    """Say how many files may be given at once."""
    return _("Give at most %(n)s files at once.") % {"n": settings.EVIDENCE_MAX_FILES}


def _check_result(result: dict[str, Any]) -> None:
    if not all(name.isascii() for name in result):
        raise NotGivable(_("The names in a result are ASCII text; what they hold may be any."), field="result")
    try:
        json.dumps(result, allow_nan=False)
    except ValueError as error:
        raise NotGivable(_("A result holds numbers and text; NaN and infinity are neither."), field="result") from error


def _check_dates(content: Content) -> None:
    today = clock.today(Aims.objects.get(pk=current_aims_id()).time_zone)
    start, end, made = content.covers_from, content.covers_to, content.made_on
    if start and end and start > end:
        raise NotGivable(_("The period it covers ends before it begins."), field="covers_to")
    if made and made > today:
        raise NotGivable(_("It cannot have been made in the future."), field="made_on")
    if made and content.renew_by and content.renew_by < made:
        raise NotGivable(_("It is to be renewed before it was made."), field="renew_by")


def keep_version(
    evidence: Evidence, number: int, content: Content, *, actor: Actor
) -> tuple[EvidenceVersion, list[File]]:
    """Save a version with its files; the bytes settle in the store as the last act before the records are written."""
    version = EvidenceVersion(
        aims_id=evidence.aims_id,
        evidence=evidence,
        number=number,
        covers_from=content.covers_from,
        covers_to=content.covers_to,
        made_on=content.made_on,
        renew_by=content.renew_by,
        change_note=content.change_note.strip(),
        link=content.link,
        note=content.note.strip(),
        result=plain(content.result),
        given_by_id=actor.user_id,
        given_at=clock.now(),
    )
    version.save()
    if content.files:
        ask_to_examine(f"{evidence.code}@{number}", actor=actor)
    return version, [_keep_file(version, offered) for offered in content.files]


def _keep_file(version: EvidenceVersion, offered: Offered) -> File:
    stored = offered.staging.settle()
    file = File(
        aims_id=version.aims_id,
        evidence_version=version,
        sha256=stored.sha256,
        size=stored.size,
        name=offered.name,
        media_type=offered.media_type,
    )
    file.save()
    return file


def in_records(evidence: Evidence, version: EvidenceVersion, files: list[File]) -> list[dict[str, Any]]:
    """Return the files as a record's `evidence` lists them; content without files stands as one entry."""
    entry = {"id": evidence.code, "version": version.number}
    return [entry | {"sha256": file.sha256, "size": file.size} for file in files] or [
        entry | {"sha256": None, "size": None}
    ]
