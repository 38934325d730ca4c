"""The treatment plan as a workbook: every cell a text."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.cells import xlsx_bytes
from assessments.bands import Level
from assessments.queries.treatment_plan import PlanLine


def plan_workbook(title: str, lines: Iterable[PlanLine], *, note: str) -> bytes:
    """Return the workbook of a plan; its first row says which it is."""
    return xlsx_bytes(_("Treatment plan"), [[title, note], headings(), *map(row_of, lines)])


def headings() -> list[str]:
    """Return the heading of each column."""
    return [
        _("Risk ID"), _("Risk"), _("AI system"), _("Source"), _("Objective"), _("Consequence for the organisation"),
        _("Consequence for individuals"), _("Consequence for societies"), _("Owner"), _("Likelihood"), _("Severity"),
        _("Score"), _("Level"), _("Option"), _("Controls"), _("Treatment plan"), _("Begins"), _("Treated by"),
        _("Carried out"), _("Residual likelihood"), _("Residual severity"), _("Residual score"), _("Residual level"),
        _("Accepted by"), _("Accepted"), _("Why accepted"), _("Verified"),
    ]  # fmt: skip


def row_of(line: PlanLine) -> list[str]:
    """Return the cells of one risk."""
    facts = line.facts
    texts = (facts["consequence_organisation"], facts["consequence_individuals"], facts["consequence_societies"])
    acceptance = facts.get("acceptance") or {}
    return [
        line.code, line.title, facts["system"] or "", line.source, line.objective, *texts, line.owner,
        *_scores(line.before), line.option, ", ".join(facts["controls"]), facts["plan"], _day(line.starts_on),
        _day(line.due_on), _day(line.done_on), *_scores(line.after), line.accepted_by, _day(line.accepted_at),
        acceptance.get("reason", ""), line.verified,
    ]  # fmt: skip


def _scores(level: Level | None) -> Iterator[str]:
    if level is None:
        yield from ("", "", "", "")
    else:
        yield from (str(level.likelihood), str(level.severity), str(level.score), level.label)


def _day(day: date | datetime | None) -> str:
    return "" if day is None else (day.date() if isinstance(day, datetime) else day).isoformat()
