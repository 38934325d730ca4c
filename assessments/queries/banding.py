"""The band function in the database, so that lists can filter and sort by band over any number of rows."""

from collections.abc import Iterable

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Coalesce

from aims.models import Criteria
from aims.vocabulary import Band
from assessments.bands import rank_of


def standing(name: str) -> Coalesce:
    """The score that remains, or the one before measures."""
    return Coalesce(F(f"residual_{name}"), F(name))


def standing_score() -> Combinable:
    """Likelihood times severity as they stand; null while either is missing."""
    return standing("likelihood") * standing("severity")


def rank(criteria: Iterable[Criteria], *, owner: str = "criteria") -> Expression:
    """The rank (1 to 4) of rows annotated with `score` and `severity_now`, each by its own criteria; null without."""
    cases = [case for row in criteria for case in _cases(row, owner)]
    return Case(*cases, default=Value(None), output_field=IntegerField())


def _cases(criteria: Criteria, owner: str) -> Iterable[When]:
    floor = rank_of(Band(criteria.severity_five_at_least))
    for name, (lowest, highest) in criteria.bands.items():
        found = rank_of(Band(name))
        here = Q(**{owner: criteria.pk, "score__gte": lowest, "score__lte": highest})
        if found < floor:
            yield When(here & Q(severity_now=5), then=Value(floor))
        yield When(here, then=Value(found))
