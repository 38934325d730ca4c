"""The evidence annex: under each control what proves it, with the SHA-256 of every file."""

from typing import Any

from django.utils.translation import gettext as _

from reports.paper import words
from reports.paper.glyphs import GLYPHS
from reports.paper.shapes import ControlEvidence, EvidenceLine, FileLine
from reports.paper.statement import anchor, is_included, mark_of, state_of

Item = dict[str, Any]


def annex(body: dict[str, Any]) -> tuple[ControlEvidence, ...]:
    """Return the included controls in order, each with its evidence or with why there is none."""
    items = {item["code"]: item for item in body.get("evidence") or []}
    return tuple(_control(entry, items) for entry in body.get("entries") or [] if is_included(entry))


def codes_of(entry: dict[str, Any]) -> list[str]:
    """Return the evidence codes that an entry names, without version."""
    return [words.tail(ref).partition("@")[0] for ref in entry.get("evidence") or []]


def _control(entry: dict[str, Any], items: dict[str, Item]) -> ControlEvidence:
    named = [items[code] for code in codes_of(entry) if code in items]
    lines = tuple(_line(item) for item in named)
    return ControlEvidence(
        anchor(entry["code"], "p"),
        entry["code"],
        entry["title"],
        GLYPHS[mark_of(entry)],
        state_of(entry),
        lines,
        "" if lines else _without(entry),
    )


def _without(entry: dict[str, Any]) -> str:
    if entry.get("expects_evidence", True):
        return _("No evidence.")
    return _("No evidence expected: %(reason)s") % {"reason": entry.get("no_evidence_reason") or words.DASH}


def _line(item: Item) -> EvidenceLine:
    is_record = item.get("kind") == "record"
    made = words.day(item.get("made_on"))
    version = item.get("number")
    kind = _("Record") if is_record else _("Document")
    about = _("%(kind)s, version %(n)s") % {"kind": kind, "n": version} if version else _("%(kind)s, still to be given")
    pattern = _("event of %(day)s") if is_record else _("in force from %(day)s")
    renew = words.day(item.get("renew_by"))
    late = {"due": _("renewal due by %(day)s"), "overdue": _("renewal overdue since %(day)s")}
    by = late.get(words.evidence_state(item.get("state") or ""), _("renew by %(day)s"))
    return EvidenceLine(
        item["code"],
        item["title"],
        about % {"kind": kind} if not version else about,
        pattern % {"day": made} if made else "",
        by % {"day": renew} if renew else "",
        tuple(FileLine(file["name"], *words.halves(file["sha256"])) for file in item.get("files") or []),
    )
