"""The mail that carries a checkpoint: what it is and how to use it, for an auditor who never heard of one."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from aims.models import Aims, Membership
from ledger.models import Checkpoint
from trace.words import thin

ROOT_SHOWN = 16


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject and text in the language of who reads them."""

    subject: str
    body: str


def file_name(aims: Aims, row: Checkpoint) -> str:
    """Return what the file with a checkpoint is called."""
    return f"checkpoint-{aims.slug}-{row.size}.txt"


def letter(aims: Aims, row: Checkpoint, membership: Membership) -> Letter:
    """Write the mail to one auditor."""
    with translation.override(membership.user.language):
        words = {"organisation": aims.name, "n": thin(row.size)}
        subject = _("Checkpoint of %(organisation)s, records 1 to %(n)s") % words
        return Letter(subject, render_to_string("trace/checkpoint.txt", _told(aims, row, membership)))


def _told(aims: Aims, row: Checkpoint, membership: Membership) -> dict[str, object]:
    at = row.made_at.astimezone(ZoneInfo(aims.time_zone))
    return {
        "aims": aims,
        "person": membership.user,
        "role": membership.get_role_display().lower(),
        "size": thin(row.size),
        "day": f"{at.day} {at:%B %Y}",
        "time": f"{at:%H:%M}",
        "root": row.root[:ROOT_SHOWN],
        "file": file_name(aims, row),
        "note": row.text,
        "address": settings.SITE_URL + reverse("trace:records", args=[aims.slug]),
    }
