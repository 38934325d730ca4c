"""What the statement says of a control that a measure of an assessment leans on: whether it may be counted on."""

from datetime import datetime

from django.db.models import Case, CharField, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from aims.history import rows_at
from soa.models import Applicability, Effectiveness, Entry, EntrySystem, Implementation

EXCLUDED, NONCONFORMING = str(Applicability.EXCLUDED), str(Effectiveness.NONCONFORMING)


def shortcoming(control: str, system: str, at: datetime | None = None) -> Coalesce:
    """Say in a query why a control of an outer row fails one system, now or then; empty when nothing is known of it.

    `control` and `system` are what the outer query calls their keys. Where the row of the control says something of
    the system alone, that counts: it may be in place there and not elsewhere.
    """
    here = rows_at(EntrySystem, at).filter(entry=OuterRef("id"), system=OuterRef(OuterRef(system))).order_by()
    state = Case(
        When(applicability=EXCLUDED, then=Value(EXCLUDED)), default=F("implementation"), output_field=CharField()
    )
    stands = Coalesce(NullIf(Subquery(here.annotate(said=state).values("said")[:1]), Value("")), F("implementation"))
    told = Case(
        When(applicability=EXCLUDED, then=Value(EXCLUDED)),
        When(effectiveness=NONCONFORMING, then=Value(NONCONFORMING)),
        When(stands=Implementation.IMPLEMENTED, then=Value("")),
        default=F("stands"),
        output_field=CharField(),
    )
    entries = rows_at(Entry, at).filter(requirement=OuterRef(control)).order_by()
    return Coalesce(Subquery(entries.annotate(stands=stands, told=told).values("told")[:1]), Value(""))


def told(code: str, state: str) -> str:
    """Say it in words."""
    words = {
        EXCLUDED: _("%(code)s is excluded"),
        NONCONFORMING: _("%(code)s was found nonconforming"),
        str(Implementation.PARTLY): _("%(code)s is only partly implemented"),
    }
    return words.get(state, _("%(code)s is not implemented")) % {"code": code}
