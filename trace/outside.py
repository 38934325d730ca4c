"""Where copies of checkpoints went, in words: what makes cutting the log's end detectable."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from ledger.models import Anchor, AnchorKind
from trace.words import kind_label

SHOWN = 2


def went(anchor: Anchor, zone: ZoneInfo) -> str:
    """Say where one copy went and when: sent to Ingrid Solheim on 17 Jun 2026."""
    words = {"where": where(anchor), "day": day_of(anchor.made_at, zone)}
    match anchor.kind:
        case AnchorKind.MAIL:
            return _("sent to %(where)s on %(day)s") % words
        case AnchorKind.REPORT:
            return _("printed on %(where)s on %(day)s") % words
        case AnchorKind.PACK:
            return _("handed over in %(where)s on %(day)s") % words
        case AnchorKind.BUCKET:
            return _("written to %(where)s on %(day)s") % words
        case _:
            return _("timestamped by %(where)s on %(day)s") % words


def where(anchor: Anchor) -> str:
    """Name who or what has the copy."""
    if anchor.person:
        return anchor.person.display_name
    unnamed = {
        AnchorKind.MAIL: _("an auditor"),
        AnchorKind.REPORT: _("a report"),
        AnchorKind.PACK: _("a pack"),
        AnchorKind.BUCKET: _("a locked bucket"),
        AnchorKind.TIMESTAMP: _("a timestamp authority"),
    }
    return _placed(anchor) or unnamed.get(AnchorKind(anchor.kind), "")


def _placed(anchor: Anchor) -> str:
    """A report is kept by its reference, a pack by its code, anything else by what it is called."""
    kind, _colon, code = anchor.place.partition(":")
    if anchor.kind == AnchorKind.REPORT and code:
        return f"{kind_label(kind).lower()} {code}"
    if anchor.kind == AnchorKind.PACK and anchor.place:
        return _("pack %(code)s") % {"code": anchor.place}
    return anchor.place


def all_went(anchors: Iterable[Anchor], zone: ZoneInfo) -> str:
    """Say where the copies of one checkpoint went: the first two, and how many more there are."""
    rows = sorted(anchors, key=lambda anchor: (anchor.made_at, anchor.pk))
    told = [went(anchor, zone) for anchor in rows[:SHOWN]]
    if len(rows) > SHOWN:
        told.append(_("%(n)s more") % {"n": len(rows) - SHOWN})
    return _(" and ").join([", ".join(told[:-1]), told[-1]]) if len(told) > 1 else "".join(told)


def day_of(at: datetime, zone: ZoneInfo) -> str:
    """Write the date of an instant where the organisation is: 17 Jun 2026."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y}"


def time_of(at: datetime, zone: ZoneInfo) -> str:
    """Write the time of an instant where the organisation is: 09:42."""
    return f"{at.astimezone(zone):%H:%M}"
