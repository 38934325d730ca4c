"""The summary: a paragraph and a few figures, each of them computed."""

from collections import Counter
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports.paper import matrix, tally, words
from reports.paper.bands import ORDER, Bands
from reports.paper.changes import changes
from reports.paper.cycle import cycle
from reports.paper.judgement import harms_of, now_cell
from reports.paper.meta import Meta
from reports.paper.numbers import Numbers, numbers_of, tally_rows
from reports.paper.shapes import Pair, Summary

LEGEND = {
    "proved": gettext_lazy("implemented, current evidence"),
    "unproved": gettext_lazy("implemented, evidence missing or overdue"),
    "nonconforming": gettext_lazy("open nonconformity"),
    "partly": gettext_lazy("partly"),
    "planned": gettext_lazy("planned or not started"),
    "excluded": gettext_lazy("excluded"),
    "undecided": gettext_lazy("undecided"),
}


def summary(body: dict[str, Any], meta: Meta, *, is_full: bool) -> Summary:
    """Return the summary of the edition; a customer's says what applies and nothing of what is open."""
    count = numbers_of(body)
    who = body["aims"].get("short_name") or body["aims"]["organisation"]
    systems = sum(system.get("is_in_scope") is True for system in body.get("systems") or [])
    if not is_full:
        return Summary(applied(count, who), _customer_figures(count, systems))
    rows = tally_rows(body)
    used = {kind for row in rows for kind in row.blocks}
    evidence = count.evidence
    return Summary(
        lead=f"{applied(count, who)} {state(count)}",
        figures=_figures(count, len(body.get("evidence") or [])),
        tally=tally.tally(rows),
        legend=tuple((tally.key(kind, str(text)), str(text)) for kind, text in LEGEND.items() if kind in used),
        bar=tally.bar(evidence["current"], evidence["due"], evidence["overdue"]) if body.get("evidence") else "",
        evidence_note=evidence_note(count),
        cycle=cycle(meta.cycle, meta.frozen_at.date()) if meta.cycle else "",
        cycle_note=_cycle_note(meta),
        changes=changes(body, meta.previous),
        changes_title=_("What changed since version %(n)s") % {"n": meta.previous_number},
        **_residual(body),
    )


def applied(count: Numbers, who: str) -> str:
    """Say how many controls apply, and how many do not."""
    parts = [
        _("%(who)s applies %(n)s of the %(all)s controls in Annex A")
        % {"who": who, "n": count.applied, "all": count.annex}
    ]
    if count.own:
        own = ngettext("and %(n)s control of its own", "and %(n)s controls of its own", count.own)
        parts.append(own % {"n": count.own})
    first = " ".join(parts) + "."
    return " ".join([first, _excluded(count)] + ([_undecided(count)] if count.undecided else []))


def _excluded(count: Numbers) -> str:
    whole = (
        ngettext("%(n)s is excluded, with its reason", "%(n)s are excluded, each with its reason", count.excluded)
        % {"n": count.excluded}
        if count.excluded
        else _("None is excluded as a whole")
    )
    if not count.partial:
        return f"{whole}."
    partly = ngettext(
        "%(n)s is excluded for one AI system or more", "%(n)s are excluded for one AI system or more", count.partial
    )
    return f"{whole}; {partly % {'n': count.partial}}."


def _undecided(count: Numbers) -> str:
    text = ngettext("%(n)s is not decided yet.", "%(n)s are not decided yet.", count.undecided)
    return text % {"n": count.undecided}


def state(count: Numbers) -> str:
    """Say what of the applied controls is in place."""
    total = count.applied + count.own
    if not total:
        return ""
    done = _("none is implemented")
    if count.implemented:
        many = ngettext("%(n)s is implemented", "%(n)s are implemented", count.implemented)
        done = many % {"n": count.implemented}
    parts = [_("Of the %(n)s that apply, %(done)s") % {"n": total, "done": done}]
    for number, text in (
        (count.partly, _("%(n)s partly in place")),
        (count.planned, _("%(n)s planned")),
        (count.not_started, _("%(n)s not started")),
    ):
        if number:
            parts.append(text % {"n": number})
    text = ", ".join(parts) + "."
    if count.nonconforming:
        open_ = ngettext("%(n)s has an open nonconformity.", "%(n)s have an open nonconformity.", count.nonconforming)
        text += " " + open_ % {"n": count.nonconforming}
    if count.undated:
        text += " " + ngettext(
            "%(n)s planned control has no date.", "%(n)s planned controls have no date.", count.undated
        ) % {"n": count.undated}
    return text + " " + _("Whether evidence is sufficient is for the auditor to judge.")


def _figures(count: Numbers, items: int) -> tuple[Pair, ...]:
    return (
        (str(count.applied + count.own), _("controls apply")),
        (str(count.implemented), _("implemented")),
        (str(count.proved), _("implemented, with current evidence, no nonconformity")),
        (str(count.excluded), _("excluded")),
        (str(items), _("items of evidence")),
    )


def _customer_figures(count: Numbers, systems: int) -> tuple[Pair, ...]:
    return (
        (str(count.annex), _("controls in Annex A")),
        (str(count.applied), _("apply")),
        (str(count.own), _("own controls")),
        (str(count.excluded), _("excluded")),
        (str(systems), _("AI systems in scope")),
    )


def evidence_note(count: Numbers) -> SafeString:
    """Say how much evidence is current, and which controls have none."""
    held = count.evidence
    parts = [
        ngettext("%(n)s item current", "%(n)s items current", held["current"]) % {"n": held["current"]},
        _("%(n)s with renewal due") % {"n": held["due"]},
        _("%(n)s with renewal overdue") % {"n": held["overdue"]},
    ]
    text = format_html("{}.", ", ".join(parts))
    if count.without_evidence:
        text = format_html(_("{} No evidence: {}."), text, words.codes(list(count.without_evidence)))
    if count.not_expected:
        text = format_html(_("{} No evidence expected: {}."), text, words.codes(list(count.not_expected)))
    return text


def _cycle_note(meta: Meta) -> str:
    certificate = next((item for item in meta.cycle if item.is_certificate and item.reference), None)
    named = ", ".join(part for part in (certificate.reference, certificate.body) if part) if certificate else ""
    marks = _("Circles are audits, octagons are certificate dates. Filled marks are past.")
    return f"{named}. {marks}" if named else marks


def _residual(body: dict[str, Any]) -> dict[str, Any]:
    bands = Bands(body.get("criteria"))
    assessments = body.get("assessments") or []
    cells = [cell for item in assessments for impact in harms_of(item) if (cell := now_cell(impact))]
    if not cells:
        return {}
    counts = Counter(bands.of(*cell) for cell in cells)
    text = ", ".join(f"{words.band(name)} {counts[name]}" for name in ORDER)
    systems = len({item.get("system_code") for item in assessments})
    label = _("Residual impacts by likelihood and severity")
    note = _(
        "%(n)s impacts across %(s)s AI systems. Only measures in place are counted. "
        "Small figures are likelihood times severity."
    )
    return {
        "matrix": matrix.counted(cells, bands, label),
        "matrix_note": note % {"n": len(cells), "s": systems},
        "residual": f"{text}.",
        "bands": tuple(_band(name, bands) for name in ORDER if name in bands.ranges),
    }


def _band(name: str, bands: Bands) -> tuple[str, str, str]:
    low, high = bands.ranges[name]
    span = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return words.band(name), span, bands.acceptance.get(name, "")
