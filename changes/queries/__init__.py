"""Questions about changes, for pages and for rooms to the right."""

from changes.queries.listing import ChangeLine, change_line, change_rows
from changes.queries.sheet import ChangeSheet, change_sheet
from changes.queries.standing import OpenChange, open_changes, open_changes_about
from changes.queries.versions import Section, Version, compared, records_at, versions_of

__all__ = [
    "ChangeLine",
    "ChangeSheet",
    "OpenChange",
    "Section",
    "Version",
    "change_line",
    "change_rows",
    "change_sheet",
    "compared",
    "open_changes",
    "open_changes_about",
    "records_at",
    "versions_of",
]
