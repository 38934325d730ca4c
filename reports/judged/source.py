"""What a report of judgement is made from: the bytes that a decision froze, or a draft as it is now."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts import clock
from accounts.models import User
from accounts.refusals import Refusal
from aims.days import day_of
from aims.history import rows_at
from aims.models import Aims
from assessments.checks import gaps
from assessments.events import DECIDED, SUBMITTED
from assessments.freezing import frozen_form
from assessments.law.view import LawView, law_view
from assessments.models import Assessment, AssessmentState
from assessments.queries.past import EditionJudged, decisions_on
from assessments.queries.portfolio import Portfolio, portfolio
from assessments.queries.sheet import sheet_of
from ledger.models import Record
from reports.paper.meta import Certificate, Signature
from systems.models import AiSystem

JOINED = ("system", "system__aims", "criteria", "author", "decided_by", "replaces")


class NoAssessment(Refusal):
    """No assessment is called so."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whose report it is."""

    name: str
    slug: str
    is_demo: bool
    time_zone: str


@dataclass(frozen=True, slots=True)
class JudgedSource:
    """One assessment in its frozen form, and what stands beside it; instants are UTC."""

    body: Mapping[str, Any]
    organisation: Organisation
    state: str
    is_draft: bool
    is_superseded: bool
    generated_at: datetime
    author: str
    submitted: Signature | None = None
    decided: Signature | None = None
    digest: str = ""
    missing: tuple[str, ...] = ()
    history: tuple[EditionJudged, ...] = ()
    certificate: Certificate | None = None
    law: LawView | None = None


@dataclass(frozen=True, slots=True)
class PortfolioSource:
    """Every system's judgement as it stands."""

    found: Portfolio
    organisation: Organisation
    generated_at: datetime
    today: date = field(default_factory=date.today)


def organisation_of(aims: Aims) -> Organisation:
    """Return what a report says of its organisation."""
    return Organisation(aims.organisation, aims.slug, aims.is_demo, aims.time_zone)


def assessment_named(reference: str) -> Assessment:
    """Find `IA-2026-08@1.3`, with or without `assessment:`; without an edition the one in force, else the newest.

    Raises NoAssessment.
    """
    code, _at, edition = reference.removeprefix("assessment:").partition("@")
    rows = Assessment.objects.filter(code=code).select_related(*JOINED)
    if edition:
        rows = rows.filter(edition=edition)
    found = rows.filter(state=AssessmentState.DECIDED).first() or rows.order_by("-pk").first()
    if found is None:
        raise NoAssessment(_("There is no impact assessment “%s”.") % reference, field="assessment")
    return found


def judged_source(aims: Aims, pk: int) -> JudgedSource:
    """Read everything that a report of one assessment says."""
    row = Assessment.objects.select_related(*JOINED).get(pk=pk)
    is_draft = row.decided_at is None
    sheet = sheet_of(row) if is_draft else None
    numbers = _numbers(row.ref)
    body = frozen_form(sheet) if sheet else json.loads(bytes(row.frozen or b"{}"))
    return JudgedSource(
        body=body,
        organisation=organisation_of(aims),
        state=str(row.get_state_display()),
        is_draft=is_draft,
        is_superseded=row.state == AssessmentState.SUPERSEDED,
        generated_at=clock.now(),
        author=row.author.display_name if row.author else "",
        submitted=_signature(row.author, row.submitted_at, numbers.get(SUBMITTED.name)),
        decided=_signature(row.decided_by, row.decided_at, numbers.get(DECIDED.name)),
        digest=row.digest,
        missing=tuple(remark.text for remark in gaps(sheet)) if sheet else (),
        history=decisions_on(row.system),
        law=_law(row, body),
    )


def _law(row: Assessment, body: Mapping[str, Any]) -> LawView | None:
    """Return what the EU AI Act asks by the record as it stood at the decision; nothing where it says nothing to it."""
    system = rows_at(AiSystem, row.decided_at, id=row.system_id).first() or row.system
    day = day_of(row.decided_at or clock.now(), row.system.aims.time_zone)
    found = law_view(system.record, body, day)
    return found if found.is_said else None


def portfolio_source(aims: Aims) -> PortfolioSource:
    """Read the judgement of every system."""
    return PortfolioSource(portfolio(), organisation_of(aims), clock.now(), clock.today(aims.time_zone))


def _signature(user: User | None, at: datetime | None, number: int | None) -> Signature | None:
    return Signature(user.display_name, user.job_title, at, number) if user and at else None


def _numbers(ref: str) -> dict[str, int]:
    """Return the sealed numbers of submission and decision by event; a later one wins."""
    rows = Record.objects.filter(subject=ref, event__in=[SUBMITTED.name, DECIDED.name], leaf__isnull=False)
    return dict(rows.order_by("leaf__number").values_list("event", "leaf__number"))
