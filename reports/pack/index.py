"""The evidence index for people: a table that opens in any spreadsheet, every cell as text."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from accounts.cells import csv_bytes
from evidence.handover import HandedFile, HandedItem
from reports.paper import words


def index_csv(items: Iterable[HandedItem], taken: Mapping[str, Mapping[HandedFile, str]]) -> bytes:
    """Return one row a file, or one an item that has none, with what it serves and where it lies in the pack."""
    head = [_("Reference"), _("Title"), _("Kind"), _("Version"), _("Made on"), _("Renew by"), _("Serves")]
    rows: list[list[object]] = [[*head, _("File"), _("In this pack"), _("Bytes"), "SHA-256", _("Link or note")]]
    for item in items:
        said = item.said
        dates = [words.day(said[name]) if said[name] else "" for name in ("made_on", "renew_by")]
        start = [item.code, item.title, item.kind, item.number, *dates, ", ".join(item.controls)]
        other = said["link"] or said["note"]
        for file in item.files:
            path = taken[item.code].get(file, "")
            rows.append([*start, file.name, path, file.size, file.sha256, other])
        if not item.files:
            rows.append([*start, "", "", "", "", other])
    return csv_bytes(rows)
