"""All that pages show of an AIMS, as plain comparable values: now, or as it stood at an instant."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from aims.days import day_of
from aims.history import rows_at
from aims.models import Aims
from assessments.editor import editor
from assessments.freezing import frozen_form
from assessments.models import Assessment
from assessments.queries import assessment_lines, risk_lines, risk_matrix, risk_sheet
from assessments.queries.listing import assessment_line
from assessments.queries.risks import risk_line
from assessments.views.editor import one as an_edition
from assessments.views.editor import one_then
from assessments.views.risks import one as a_risk_of
from assessments.views.risks import one_then as a_risk_then
from evidence.library import TABS, Search, linked_controls, page_of, tabs_of
from evidence.panel import panel_of
from evidence.queries import evidence_index
from evidence.views import one as an_item
from soa.checks import flags_of
from soa.models import StatementVersion
from soa.queries.rows import body_of, read_sheet
from soa.queries.targets import reason_targets
from soa.queries.versions import as_it_stood, versions
from systems.browsing import found
from systems.models import AiSystem
from systems.pages import system_page
from tests.soa.world import World


def picture(world: World, at: datetime | None = None) -> dict[str, Any]:
    """All that pages show, as plain comparable values: now, or as it stood at an instant."""
    actor, aims = replace(world.officer, is_looking_back=True), world.aims
    today = day_of(at or clock.now(), aims.time_zone)
    return {
        **statement(aims, at),
        **assessments(actor, at),
        **evidence(actor, aims, today, at),
        "systems": [system(actor, aims, row.code, at) for row in found({}, at)],
        "scopes": {
            scope: [row.code for row in found({"q": "e", "scope": scope}, at)] for scope in ("in", "out", "unsaid")
        },
    }


def statement(aims: Aims, at: datetime | None) -> dict[str, Any]:
    """The sheet, its flags, its versions and what its reasons may point at."""
    sheet = read_sheet(aims, at)
    return {
        "today": sheet.today,
        "rows": [
            (
                *(row.entry.version, row.entry.effectiveness, row.entry.effectiveness_source, row.requirement.title),
                *(row.decision, row.rolled, set(row.drivers), row.evidence, row.evidence_state, row.findings),
                row.proposals,
            )
            for row in sheet.rows
        ],
        "in scope": sheet.systems,
        "in play": sheet.in_play,
        "scope": sheet.scope_on,
        "changed": sheet.changed,
        "number": sheet.number,
        "flags": flags_of(sheet),
        "standing": [(row.number, row.state, body_of(row)["number"]) for row in sheet.versions],
        "versions": [_version(as_it_stood(row, at)) for row in versions(at)],
        "targets": reason_targets(at),
    }


def _version(row: StatementVersion) -> tuple[Any, ...]:
    instants = (row.submitted_at, row.decided_at, row.superseded_at)
    return (row.number, row.state, row.digest, row.decided_by_id, row.decision_note, *instants)


def system(actor: Actor, aims: Aims, code: str, at: datetime | None) -> Any:
    """One system's page without what only the present has: numbers of records, gates ahead, what is offered to do."""
    row = rows_at(AiSystem, at, code=code).select_related("owner", "scope_said_by").get()
    row.aims = aims
    page = system_page(row, actor, at)
    steps = tuple(replace(step, note="", glyph="", tone="none", said="") for step in page.life.steps)
    facts = tuple((heading, tuple(fact for fact in some if fact.ref)) for heading, some in page.facts)
    shown = tuple(replace(one, context=dict(one.context) | {"is_past": True}) for one in page.shown)
    return replace(
        page,
        acts=tuple(replace(act, number=None) for act in page.acts),
        life=replace(page.life, steps=steps),
        facts=tuple((heading, some) for heading, some in facts if some),
        shown=shown,
    )


def assessments(actor: Actor, at: datetime | None) -> dict[str, Any]:
    """The lists, each edition and each risk."""
    lists = {state: assessment_lines(state=state, at=at) for state in ("", "superseded", "draft")}
    risks = [risk_line(row, "/") for row in risk_lines(at=at)]
    sorts = {sort: [row.pk for row in assessment_lines(sort=sort, at=at)] for sort in ("system", "-worst", "review")}
    every = rows_at(Assessment, at).order_by("id").values_list("code", "edition")
    return {
        "assessments": {state: [assessment_line(row, "/") for row in rows] for state, rows in lists.items()},
        "sorted": sorts,
        "found": [row.pk for row in assessment_lines(search="Renamed", at=at)],
        "editions": [edition(code, number, actor, at) for code, number in every],
        "risks": risks,
        "risks found": [row.code for row in risk_lines(search="again", sort="-level", at=at)],
        "matrix": risk_matrix(at),
        "each risk": [risk(line.code, at) for line in risks],
    }


def edition(code: str, number: str, actor: Actor, at: datetime | None) -> Any:
    """One edition: what it says in full, and what stands around it."""
    row = one_then(code, number, at) if at else an_edition(code, number)
    page = editor(row, actor, at)
    around = (page.steps, page.gaps, page.cautions, page.badge, page.matrix, page.levels, page.signatures)
    told = (page.editions, page.opened_because, page.returned_because, page.may_edit, page.may_decide)
    return frozen_form(page.sheet), row.state, row.digest, row.system.name, around, told, len(page.acts)


def risk(code: str, at: datetime | None) -> Any:
    """One risk with its treatment."""
    row = a_risk_then(code, at) if at else a_risk_of(code)
    sheet = risk_sheet(row, at)
    treated = [(line.pk, line.version, line.requirement.code) for line in sheet.treatments]
    said = (row.title, row.accepted_by_id, row.accepted_at, row.acceptance_reason, str(row.system))
    return said, sheet.before, sheet.now, sheet.residual, treated


def evidence(actor: Actor, aims: Aims, today: date, at: datetime | None) -> dict[str, Any]:
    """The library under each view, each item, and the index."""
    shown = {tab: page_of(Search(tab=tab), aims, today, "1", at)[1] for tab in TABS}
    searches = (Search(control="A.2.2"), Search(text="Title"), Search(kind="record"), Search(sort="title"))
    codes = [row.code for tab in ("all", "withdrawn") for row in shown[tab]]
    return {
        "library": {tab: [_row(row) for row in rows] for tab, rows in shown.items()},
        "searched": [[row.code for row in page_of(search, aims, today, "1", at)[1]] for search in searches],
        "tabs": [(tab.label, tab.count) for tab in tabs_of(Search(), today, at)],
        "controls": linked_controls(at),
        "items": [_panel(panel_of(an_item(code, at), aims=aims, actor=actor, today=today, at=at)) for code in codes],
        "index": evidence_index(today, at),
    }


def _row(row: Any) -> Any:
    return replace(row, chips=tuple(chip.code for chip in row.chips))


def _panel(panel: Any) -> Any:
    links = [(link.code, link.title, link.system, link.note, link.end_address) for link in panel.links]
    return replace(panel, links=tuple(links), owner=panel.owner and User.objects.get(pk=panel.owner.pk).name)
