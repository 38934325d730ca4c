"""The statement itself: a row per control, by area; and what of it is excluded or not done yet."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.paper import words
from reports.paper.glyphs import GLYPHS
from reports.paper.shapes import Area, OpenWork, Row, Table

Entry = dict[str, Any]
LONG = 700
GLYPH_OF = {"implemented": "done", "partly": "half", "planned": "none", "not_started": "none"}


def anchor(code: str, prefix: str = "e") -> str:
    """Return the id under which a control stands in the document."""
    return f"{prefix}-{code.lower().replace('.', '-').replace(' ', '-')}"


def is_included(entry: Entry) -> bool:
    """Whether the control applies."""
    return bool(entry.get("applicability") == "included")


def mark_of(entry: Entry) -> str:
    """Return the glyph's name for the entry's state."""
    if entry.get("applicability") == "excluded":
        return "na"
    if not is_included(entry):
        return "open"
    return GLYPH_OF.get(entry.get("implementation") or "", "none")


def state_of(entry: Entry) -> str:
    """Return the entry's state in words."""
    if entry.get("applicability") == "excluded":
        return _("Excluded")
    if not is_included(entry):
        return _("Undecided")
    planned = entry.get("implementation") == "planned" and entry.get("planned_on")
    state = words.implementation(entry.get("implementation") or "not_started")
    return f"{state}, {words.day(entry['planned_on'])}" if planned else state


def areas_of(body: dict[str, Any], *, is_full: bool) -> tuple[Area, ...]:
    """Group the entries by area in the standard's order, own controls last."""
    entries: list[Entry] = body.get("entries") or []
    known = [(area["code"], f"{area['code']} {area['title']}") for area in body.get("areas") or []]
    own = [entry for entry in entries if entry.get("area") not in dict(known)]
    groups = [(code, title, [e for e in entries if e.get("area") == code]) for code, title in known]
    groups.append(("own", _("Own controls"), own))
    return tuple(_area(code, title, rows, is_full=is_full) for code, title, rows in groups if rows)


def _area(code: str, title: str, entries: list[Entry], *, is_full: bool) -> Area:
    note = _("%(n)s of %(all)s apply") % {"n": sum(map(is_included, entries)), "all": len(entries)}
    make = full_row if is_full else customer_row
    return Area(anchor(code, "area"), title, note, tuple(make(entry) for entry in entries))


def customer_row(entry: Entry) -> Row:
    """Return applicability and reasons only: nothing of owners, risks, evidence or what is open."""
    codes = dict.fromkeys(reason["code"] for reason in entry.get("reasons") or [])
    return Row(
        anchor=anchor(entry["code"]),
        code=entry["code"],
        title=entry["title"],
        applies=_applies(entry, name_systems=False),
        codes=", ".join(words.reason(code) for code in codes),
        why=entry.get("why") or "",
        is_excluded=entry.get("applicability") == "excluded",
        is_long=len(entry.get("why") or "") > LONG,
    )


def full_row(entry: Entry) -> Row:
    """Return everything an auditor reads in one line."""
    reasons = entry.get("reasons") or []
    why, how = entry.get("why") or "", entry.get("how") or ""
    included = is_included(entry)
    targets = dict.fromkeys(words.tail(reason["ref"]) for reason in reasons if reason.get("ref"))
    return Row(
        anchor=anchor(entry["code"]),
        code=entry["code"],
        title=entry["title"],
        applies=_applies(entry, name_systems=True),
        codes=" ".join(dict.fromkeys(reason["code"] for reason in reasons)),
        why=why or _("No reason given."),
        targets=words.codes(list(targets)),
        owner=words.name(entry.get("owner")) or _("No owner"),
        how=how,
        document=entry.get("how_document") or "",
        performer=_performer(entry),
        glyph=GLYPHS[mark_of(entry)],
        state=state_of(entry),
        effect=words.effect(entry.get("effectiveness") or "") if included else _expiry(entry),
        effect_glyph=GLYPHS["minor"] if included and entry.get("effectiveness") == "nonconforming" else "",
        evidence=str(len(entry.get("evidence") or [])) if included else words.DASH,
        is_excluded=entry.get("applicability") == "excluded",
        is_long=max(len(why), len(how)) > LONG,
    )


def _applies(entry: Entry, *, name_systems: bool) -> str:
    if entry.get("applicability") == "excluded":
        return _("No")
    if not is_included(entry):
        return _("Undecided")
    without = [row["system"] for row in entry.get("per_system") or [] if row.get("applicability") == "excluded"]
    if not without:
        return _("Yes")
    if name_systems:
        return _("Yes, not %(systems)s") % {"systems": ", ".join(map(words.tail, without))}
    return ngettext("Yes, except for one AI system", "Yes, except for %(n)s AI systems", len(without)) % {
        "n": len(without)
    }


def _performer(entry: Entry) -> str:
    who = entry.get("performed_by") or "us"
    if who == "us":
        return ""
    named = ", ".join(part for part in (entry.get("provider"), entry.get("agreement")) if part)
    label = words.performer(who)
    return f"{label}: {named}" if named else label


def _expiry(entry: Entry) -> str:
    until = words.day(entry.get("expires_on"))
    return _("until %(day)s") % {"day": until} if until else ""


def open_work(entries: Iterable[Entry]) -> OpenWork:
    """Collect exclusions, whole and by system, and included controls that are not implemented."""
    entries = list(entries)
    return OpenWork(
        Table(
            (_("Control"), _("Ground"), _("Why it does not apply"), _("Owner"), _("Expires")),
            tuple(_excluded(entry) for entry in entries if entry.get("applicability") == "excluded"),
            "excluded",
        ),
        Table(
            (_("Control"), _("AI system"), _("Why it does not apply there"), _("Expires")),
            tuple(row for entry in entries if is_included(entry) for row in _per_system(entry)),
            "per-system",
        ),
        words.codes([e["code"] for e in entries if e.get("applicability") not in ("included", "excluded")], 60),
        Table(
            (_("Control"), _("Finding"), _("Grade")),
            tuple((e["code"], f["label"], str(f["grade"])) for e in entries for f in e.get("findings") or []),
            "findings",
        ),
        Table(
            (_("Control"), _("State"), _("How it will be done"), _("Owner"), _("By")),
            tuple(_unfinished(e) for e in entries if is_included(e) and e.get("implementation") != "implemented"),
            "unfinished",
        ),
    )


def _excluded(entry: Entry) -> tuple[str, ...]:
    grounds = "; ".join(f"{r['code']} {words.reason(r['code'])}" for r in entry.get("reasons") or [])
    return (
        f"{entry['code']} {entry['title']}",
        grounds or words.DASH,
        entry.get("why") or _("No reason given."),
        words.name(entry.get("owner")) or words.DASH,
        words.day(entry.get("expires_on")) or words.DASH,
    )


def _per_system(entry: Entry) -> Iterable[tuple[str, ...]]:
    for row in entry.get("per_system") or []:
        if row.get("applicability") == "excluded":
            yield (
                f"{entry['code']} {entry['title']}",
                words.tail(row["system"]),
                row.get("why") or _("No reason given."),
                words.day(entry.get("expires_on")) or words.DASH,
            )


def _unfinished(entry: Entry) -> tuple[str, ...]:
    return (
        f"{entry['code']} {entry['title']}",
        words.implementation(entry.get("implementation") or "not_started"),
        words.excerpt(entry.get("how") or "", 300) or words.DASH,
        words.name(entry.get("owner")) or _("No owner"),
        words.day(entry.get("planned_on")) or _("No date"),
    )
