"""Runbooks with the drill that was held last and the day the next is due."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from incidents.calendar import add_months
from incidents.models import Drill, Runbook
from incidents.words import Kind, Outcome

MARKS: dict[str, tuple[str, str]] = {
    Outcome.WORKED: ("done", "ok"),
    Outcome.PARTLY: ("half", "warn"),
    Outcome.FAILED: ("bad", "bad"),
}


@dataclass(frozen=True, slots=True)
class RunbookLine:
    """A runbook as the list prints it."""

    code: str
    name: str
    kinds: str
    edition: int
    owner: str
    reviewed_on: date | None
    drilled_on: date | None
    outcome: str
    next_on: date
    state: str
    glyph: str
    tone: str


def runbook_lines(today: date) -> list[RunbookLine]:
    """Return every runbook: one query."""
    last = Drill.objects.filter(runbook=OuterRef("pk")).order_by("-held_on", "-pk")
    rows = Runbook.objects.select_related("owner").annotate(
        last_on=Subquery(last.values("held_on")[:1]),
        last_outcome=Subquery(last.values("outcome")[:1]),
        last_edition=Subquery(last.values("edition")[:1]),
    )
    return [_line(row, today) for row in rows.order_by("code")]


def next_drill(row: Runbook, last_on: date | None, last_edition: int | None, written_on: date) -> date:
    """Return the day the next drill is due; a runbook that was never drilled as it stands is due a month after."""
    if last_on is None or last_edition != row.edition:
        return add_months(written_on, 1)
    return add_months(last_on, row.drilled_each)


def _line(row: "Runbook", today: date) -> RunbookLine:
    last_on, last_edition = row.last_on, row.last_edition  # type: ignore[attr-defined]
    due = next_drill(row, last_on, last_edition, row.changed_at.date())
    outcome = str(row.last_outcome or "")  # type: ignore[attr-defined]
    return RunbookLine(
        code=row.code,
        name=row.name,
        kinds=kinds_in_words(row.kinds),
        edition=row.edition,
        owner=row.owner.display_name if row.owner else "",
        reviewed_on=row.reviewed_on,
        drilled_on=last_on,
        outcome=str(Outcome(outcome).label) if outcome else _("Never drilled"),
        next_on=due,
        state=_("Overdue") if due < today else _("Planned"),
        glyph="warn" if due < today else MARKS.get(outcome, ("none", "none"))[0],
        tone="bad" if due < today else MARKS.get(outcome, ("none", "none"))[1],
    )


def kinds_in_words(kinds: list[str]) -> str:
    """Return kinds by their labels; none is all of them."""
    return ", ".join(str(Kind(kind).label) for kind in kinds if kind in Kind.values) or _("All kinds")


def steps_in_html(steps: str) -> str:
    """Return Markdown as HTML; HTML in it stays text, and nothing is loaded from elsewhere."""
    return str(MarkdownIt("commonmark", {"html": False}).disable("image").render(steps))
