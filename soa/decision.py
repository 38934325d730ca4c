"""The part of a row that people decide, as plain data: what versions freeze, compare and diff."""

from collections.abc import Iterable
from typing import Any

from ledger.change import plain
from soa.models import Entry, EntrySystem

FIELDS = (
    "applicability", "why", "review_on", "expires_on", "performed_by", "provider", "agreement", "implementation",
    "planned_on", "how", "how_document", "notes", "expects_evidence", "no_evidence_reason",
)  # fmt: skip
COMPARED = (*FIELDS, "reasons", "owner", "per_system")


def decision_of(entry: Entry, per_system: Iterable[EntrySystem]) -> dict[str, Any]:
    """Return the decided fields of a row with dates as ISO text, its own implementation not rolled up."""
    return {
        **{name: plain(getattr(entry, name)) for name in FIELDS},
        "reasons": [{"code": row["code"], "ref": row["ref"]} for row in entry.reasons],
        "owner": entry.owner.display_name if entry.owner else "",
        "per_system": [
            {
                "system": row.system.code,
                "applicability": row.applicability,
                "why": row.why,
                "implementation": row.implementation,
            }
            for row in sorted(per_system, key=lambda row: row.system.code)
        ],
    }
