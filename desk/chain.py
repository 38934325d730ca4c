"""How far the chain is verified, in words for the frame and the overview."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from aims.models import Aims
from ledger.models import Log
from trace.words import thin


@dataclass(frozen=True, slots=True)
class ChainState:
    """What verification last said: the words, when, the tone and the head of the tree (hex, short)."""

    address: str
    text: str
    when: str
    tone: str
    glyph: str
    root: str


def chain_state(log: Log, aims: Aims) -> ChainState:
    """Tell the head of the log, with times where the organisation is; no query."""
    address, root = reverse("trace:records", args=[aims.slug]), log.root[:12]
    if log.fault:
        return ChainState(address, _("The chain does not hold"), "", "bad", "bad", root)
    if log.verified_at is None:
        text = _("%(n)s records, not verified yet") % {"n": thin(log.size)}
        return ChainState(address, text, "", "none", "none", root)
    text = _("Chain verified to record #%(n)s") % {"n": thin(log.verified_size)}
    return ChainState(address, text, _when(log, aims), "ok", "seal", root)


def _when(log: Log, aims: Aims) -> str:
    if log.verified_at is None:
        return ""
    at = log.verified_at.astimezone(ZoneInfo(aims.time_zone))
    words = {"day": f"{at.day} {at:%b %Y}", "time": f"{at:%H:%M}"}
    if at.date() == clock.today(aims.time_zone):
        return _("Today at %(time)s") % words
    return _("%(day)s, %(time)s") % words
