"""Read a stored file: every time it is noted who read what, and bytes that changed are never handed out."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from evidence.examining.standing import finding_in
from evidence.models import File, Read
from evidence.permissions import may_read
from evidence.store import Stored, check, open_stored


class Gone(Refusal):
    """The stored bytes are missing or are not what was given (410)."""


class Quarantined(Refusal):
    """A scanner found something in the bytes; they are handed to nobody (403)."""


def record_read(file: File, *, actor: Actor) -> BinaryIO:
    """Note the read and return the bytes, opened; raises Quarantined, or Gone when they are missing or changed."""
    require(may_read(actor, file.evidence_version.evidence), _("Reading evidence takes a role in this organisation."))
    if found := finding_in(file.sha256):
        said = {"name": file.name, "found": found}
        raise Quarantined(_("%(name)s is quarantined: a scanner found %(found)s in it.") % said)
    if not check(Stored(file.sha256, file.size)):
        raise Gone(_("The stored bytes of %(name)s are missing or were changed.") % {"name": file.name})
    stream = open_stored(file.sha256)
    Read(
        aims_id=file.aims_id,
        file=file,
        user_id=actor.user_id,
        read_at=clock.now(),
        request_id=actor.request_id[:40],
    ).save()
    return stream
