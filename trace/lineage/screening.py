"""Screenings in the lineage: the system they are about, and what was signed of it in the place of an assessment."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from assessments.models import Screening, ScreeningState
from trace.lineage.records import seek
from trace.lineage.refs import day
from trace.lineage.shapes import OK, PAST, PENDING, Asked, Edge, Lens, Node, Provider, Reach

STATES = {ScreeningState.SIGNED: OK, ScreeningState.DUE: OK, ScreeningState.SUPERSEDED: PAST}


def describe(asked: Asked, lens: Lens) -> Iterator[Node]:
    """One query."""
    codes = asked.of("screening")
    rows = Screening.objects.filter(code__in=codes).select_related("system", "author", "signed_by") if codes else ()
    for row in rows:
        is_signed = row.state == ScreeningState.SIGNED
        is_over = is_signed and row.next_review_on is not None and row.next_review_on < lens.today
        about = {"code": row.code, "day": day(row.next_review_on)}
        yield Node(
            ref=row.ref,
            kind="screening",
            code=row.code,
            title=row.system.name,
            note=str(row.get_state_display()).lower(),
            state=STATES.get(ScreeningState(row.state), PENDING),
            gaps=(_("%(code)s comes back for review since %(day)s.") % about,) if is_over else (),
            facts=_facts(row),
            sought=(seek(row.ref, "screening.signed"), seek(row.ref, "screening.concluded")),
        )


def _facts(row: Screening) -> tuple[tuple[str, str], ...]:
    told = (
        (_("Version screened"), row.system_version),
        (_("Outcome"), str(row.get_outcome_display())),
        (_("Why no assessment is due"), row.because),
        (_("Answered by"), row.author.display_name if row.author else ""),
        (_("Signed by"), row.signed_by.display_name if row.signed_by else ""),
        (_("Screened again on"), day(row.next_review_on)),
    )
    return tuple((label, text) for label, text in told if text)


def forward(asked: Asked) -> Iterable[Edge]:
    """One query: the system that was screened, beside its screening."""
    codes = asked.of("screening") if asked.is_subject else ()
    if not codes:
        return []
    rows = Screening.objects.filter(code__in=codes).values_list("code", "system__code")
    return [Edge(f"system:{system}", f"screening:{code}", "assessed_by", Reach.BESIDE) for code, system in rows]


SCREENING = Provider(frozenset({"screening"}), describe, forward=forward)
