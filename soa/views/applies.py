"""What roles, facts and judgement propose, and what the statement says to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from aims.middleware import AimsRequest
from aims.past import and_then, of_any_date
from aims.vocabulary import AiRole
from soa.models import Applicability
from soa.pages import slug_of
from soa.permissions import may_steer
from soa.queries.drivers import CODES
from soa.queries.proposals import Proposed
from soa.queries.rows import Row, Sheet, read_sheet
from systems.applying.evaluate import rules
from systems.applying.queries import because
from systems.applying.rules import about_rules
from systems.queries import roles_in_play

EXCLUDED = Applicability.EXCLUDED
STATES = {
    Applicability.INCLUDED: ("done", "ok"),
    Applicability.EXCLUDED: ("na", "none"),
    Applicability.UNDECIDED: ("due", "warn"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A control that is asked for, and what the statement says of it."""

    code: str
    title: str
    address: str
    glyph: str
    tone: str
    state: str
    is_contradicted: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """A role or a fact with the controls it speaks for; `more` systems say the same as the one in the sentence."""

    words: str
    note: str
    more: int
    asked: tuple[Asked, ...]


@require_GET
@of_any_date
def applies(request: AimsRequest) -> HttpResponse:
    """Show every role and fact in play with the controls it proposes, and their state in the statement."""
    sheet = read_sheet(request.aims, request.at)
    base = reverse("soa:workbench", args=[request.aims.slug])
    if sheet.statement is None:
        return redirect(base + and_then(request, "?"))
    here = f"{base}{and_then(request, '?')}{'&' if request.as_of else '?'}control="
    asked = _by_rule(sheet, here)
    context = {
        "sheet": sheet,
        "roles": list(_roles(sheet, asked)),
        "facts": list(_facts(sheet, asked)),
        "judged": list(_judged(sheet, here)),
        "untaken": [row.code for row in sheet.rows if row.unnamed and row.entry.applicability != EXCLUDED],
        "may_steer": may_steer(request.actor) and not request.as_of,
        "about": about_rules(),
        "back": base,
    }
    return render(request, "soa/applies.html", context)


def _by_rule(sheet: Sheet, here: str) -> dict[str, list[tuple[Proposed, Asked]]]:
    found: dict[str, list[tuple[Proposed, Asked]]] = {}
    for row in sheet.rows:
        for proposal in row.proposals:
            found.setdefault(proposal.rule, []).append((proposal, _asked(row, proposal, here)))
    return found


def _asked(row: Row, proposal: Proposed, here: str) -> Asked:
    state = Applicability(row.rolled.applicability)
    contradicted = proposal.demands and state == Applicability.EXCLUDED
    glyph, tone = ("bad", "bad") if contradicted else STATES[state]
    address = f"{here}{row.code}#{slug_of(row.code)}"
    words = _("excluded, against this fact") if contradicted else str(state.label)
    return Asked(row.code, row.requirement.title, address, glyph, tone, words, contradicted)


def _roles(sheet: Sheet, asked: dict[str, list[tuple[Proposed, Asked]]]) -> Iterator[Ground]:
    played, ours = roles_in_play(sheet.aims, sheet.systems), set(sheet.aims.roles_played)
    for role in AiRole:
        if role.value not in played:
            continue
        by = [system.code for system in sheet.systems if role.value in system.role_codes]
        pairs = asked.get(f"role-{role.value}", [])
        parts = [_("by the organisation at large")] if role.value in ours else []
        parts += [_towards(by)] if by else []
        yield Ground(str(role.label), "; ".join(parts), 0, tuple(one for _proposal, one in pairs))


def _towards(codes: list[str]) -> str:
    words = ngettext(
        "towards %(first)s", "towards %(n)s systems in scope, %(first)s first", len(codes)
    )  # those out of scope propose nothing
    return words % {"n": len(codes), "first": codes[0]}


def _facts(sheet: Sheet, asked: dict[str, list[tuple[Proposed, Asked]]]) -> Iterator[Ground]:
    in_play = [rule for rule in sheet.in_play.rules if not rules()[rule.name].role and rule.name in asked]
    told = {one.rule: one.sentence for one in because(((rule.name, rule.first) for rule in in_play), sheet.at)}
    for rule in in_play:
        if rule.name in told:
            reason = rules()[rule.name].reason
            yield Ground(told[rule.name], reason, rule.count - 1, tuple(one for _proposal, one in asked[rule.name]))


def _judged(sheet: Sheet, here: str) -> Iterator[Ground]:
    """Each treated risk and each assessment with the controls that its treatments or measures name."""
    found: dict[str, tuple[str, str, list[Asked]]] = {}
    for row in sheet.rows:
        for driver in row.drivers:
            if driver.kind not in CODES:
                continue
            note = _("risk treated") if driver.kind == "risk" else _("measures of an impact assessment")
            found.setdefault(driver.ref, (driver.label, note, []))[2].append(_needed(row, driver.ref, here))
    for label, note, asked in found.values():
        yield Ground(label, note, 0, tuple(asked))


def _needed(row: Row, ref: str, here: str) -> Asked:
    state = Applicability(row.rolled.applicability)
    address = f"{here}{row.code}#{slug_of(row.code)}"
    if state == EXCLUDED:
        return Asked(
            row.code, row.requirement.title, address, "bad", "bad", _("excluded, and relied on"), is_contradicted=True
        )
    is_named = any(reason["ref"] == ref for reason in row.entry.reasons)
    words = str(state.label) if is_named else _("%(state)s, not named as a reason yet") % {"state": state.label}
    glyph, tone = STATES[state] if is_named or state != Applicability.INCLUDED else ("half", "info")
    return Asked(row.code, row.requirement.title, address, glyph, tone, words, is_contradicted=False)
