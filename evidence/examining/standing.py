"""What is known of stored files since they came: what a scanner said, and whether their words can be searched."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from evidence.models import File, FileText, Scan, Verdict


@dataclass(frozen=True, slots=True)
class Todo:
    """Bytes to look at: whether by the scanner, and whether for their words."""

    sha256: str
    size: int
    scan: bool
    read: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What a page says of a file: its scan and its text, in words; `found` names what is in a quarantined one."""

    tone: str = "none"
    glyph: str = "none"
    scan: str = ""
    text: str = ""
    found: str = ""


def scans_of(sums: Collection[str], at: datetime | None = None) -> dict[str, Scan]:
    """Return the scan that counts for each hash, now or at an instant; one query."""
    rows = Scan.objects.filter(sha256__in=sums).order_by("pk")
    return _standing(rows if at is None else rows.filter(scanned_at__lte=at))


def _standing(rows: Iterable[Scan]) -> dict[str, Scan]:
    """Let the newest count, save that one without an answer takes nothing back."""
    standing: dict[str, Scan] = {}
    for row in rows:
        if row.verdict != Verdict.NOT_SCANNED or row.sha256 not in standing:
            standing[row.sha256] = row
    return standing


def finding_in(sha256: str) -> str:
    """Return what a scanner found in these bytes, or nothing; one query."""
    return found_in([sha256]).get(sha256, "")


def found_in(sums: Collection[str]) -> dict[str, str]:
    """Return what a scanner found, by hash, for those that are quarantined; one query."""
    return {sha256: row.found for sha256, row in scans_of(sums).items() if row.verdict == Verdict.FOUND}


def known_of(sums: Collection[str], zone: ZoneInfo, at: datetime | None = None) -> dict[str, Known]:
    """Return what a page says of each hash: two queries."""
    scans = scans_of(sums, at)
    texts = {row.sha256: row for row in FileText.objects.filter(sha256__in=sums).defer("text").order_by("pk")}
    return {sha256: _known(scans.get(sha256), texts.get(sha256), zone) for sha256 in sums}


def _known(scan: Scan | None, text: FileText | None, zone: ZoneInfo) -> Known:
    words = _text_words(text)
    if scan is None or scan.verdict == Verdict.NOT_SCANNED:
        why = scan.why if scan else ("" if settings.CLAMD_URL else _("no scanner is set up"))
        return Known(scan=_("Not scanned: %(why)s") % {"why": why} if why else _("Not scanned yet"), text=words)
    day = scan.scanned_at.astimezone(zone)
    on = f"{day.day} {day:%b %Y}"
    if scan.verdict == Verdict.FOUND:
        said = _("Quarantined on %(day)s: %(found)s") % {"day": on, "found": scan.found}
        return Known("bad", "bad", said, words, scan.found)
    return Known("ok", "done", _("Scanned on %(day)s, nothing found") % {"day": on}, words)


def _text_words(text: FileText | None) -> str:
    if text is None:
        return _("Text not extracted yet")
    return _("Text not extracted: %(why)s") % {"why": text.why} if text.why else _("Text can be searched")


def to_examine(*, retry: bool, again: Collection[str] = ()) -> list[Todo]:
    """Return what is still to be looked at, the oldest first, and what is to be looked at again; three queries."""
    is_on = bool(settings.CLAMD_URL)
    files = dict(File.objects.order_by("pk").values_list("sha256", "size"))
    scans = _standing(Scan.objects.order_by("pk"))
    done = {sha256 for sha256, row in scans.items() if not retry or row.verdict != Verdict.NOT_SCANNED} - set(again)
    read = {sha256 for sha256, row in scans.items() if row.verdict == Verdict.FOUND}
    read |= set(FileText.objects.values_list("sha256", flat=True))
    found = [Todo(sha256, size, is_on and sha256 not in done, sha256 not in read) for sha256, size in files.items()]
    return [todo for todo in found if todo.scan or todo.read]
