"""What changed since the version before, by kind of change."""

from typing import Any

from django.utils.translation import gettext as _

from reports.paper import words
from reports.paper.shapes import Table

Entry = dict[str, Any]


def changes(body: dict[str, Any], previous: dict[str, Any] | None) -> Table | None:
    """Compare two bodies row by row; None when there is nothing to compare with."""
    if previous is None:
        return None
    old = {entry["code"]: entry for entry in previous.get("entries") or []}
    found: dict[str, list[str]] = {}
    for entry in body.get("entries") or []:
        for kind in _kinds(entry, old.get(entry["code"])):
            found.setdefault(kind, []).append(entry["code"])
    gone = [code for code in old if code not in {e["code"] for e in body.get("entries") or []}]
    if gone:
        found[_("No longer in the statement")] = gone
    rows = tuple((kind, words.codes(codes), str(len(codes))) for kind, codes in found.items())
    return Table((_("Change"), _("Controls"), _("Number")), rows, "changes")


def _kinds(entry: Entry, old: Entry | None) -> list[str]:
    if old is None:
        return [_("New in the statement")]
    kinds = []
    if entry.get("applicability") != old.get("applicability"):
        kinds.append(_("Now %(state)s") % {"state": entry.get("applicability") or "undecided"})
    if entry.get("implementation") != old.get("implementation"):
        state = words.implementation(entry.get("implementation") or "not_started").lower()
        kinds.append(_("Moved to %(state)s") % {"state": state})
    if (entry.get("why"), entry.get("reasons")) != (old.get("why"), old.get("reasons")):
        kinds.append(_("Reasons changed"))
    if words.name(entry.get("owner")) != words.name(old.get("owner")):
        kinds.append(_("Owner changed"))
    if entry.get("effectiveness") != old.get("effectiveness"):
        kinds.append(_("Effect changed"))
    if entry.get("evidence") != old.get("evidence"):
        kinds.append(_("Evidence changed"))
    return kinds
