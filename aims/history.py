"""The past in one query a model: rows as they stood at an instant, with what they point at joined to them."""

from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.db.models import Max, OuterRef, QuerySet, Subquery
from simple_history.manager import HistoricalQuerySet

from ledger.governed import ScopedHistoryManager

M = TypeVar("M", bound=models.Model)


class PastQuerySet(HistoricalQuerySet):  # type: ignore[misc]
    """History rows that become instances and keep what was joined or annotated, so that reading them asks no more."""

    _result_cache: list[Any] | None

    def _instanceize(self) -> None:
        rows = self._result_cache
        if rows and self._as_instances and isinstance(rows[0], self.model):
            self._result_cache = [self._instance(row) for row in rows]

    def _instance(self, row: Any) -> Any:
        instance = row.instance
        instance._state.adding = False
        instance._state.db = row._state.db
        instance._state.fields_cache.update(row._state.fields_cache)
        for name in self.query.annotation_select:
            setattr(instance, name, getattr(row, name))
        return instance


class PastManager(ScopedHistoryManager):
    """The history of a model; `as_of` returns every row as it was last written by an instant."""

    def as_of(self, date: datetime, **fixed: Any) -> Any:
        """Return instances as they stood; `fixed` narrows by what never changes, such as a row's parent.

        The last row written counts, not the one with the latest date: several may share an instant.
        """
        if self.instance is not None:
            return super().as_of(date)
        rows = self.get_queryset()
        written = rows.filter(history_date__lte=date, **fixed).order_by()
        newest = written.values("id").annotate(newest=Max("history_id")).values("newest")
        return rows.filter(history_id__in=newest).as_instances()


@cache
def past_of(model: type[models.Model]) -> Any:
    """Return the manager of a model's history, made once."""
    return model.history  # type: ignore[attr-defined]


def rows_at(model: type[M], at: datetime | None, **fixed: Any) -> "QuerySet[M]":
    """Return the rows of a model that match what never changes, as they stand now or stood at an instant.

    Order past rows by `id`: their `pk` in a query is the history's.
    """
    if at is None:
        return model._default_manager.filter(**fixed)
    past: QuerySet[M] = past_of(model).as_of(at, **fixed)
    return past


def then(model: type[models.Model], field: str, ref: str, at: datetime) -> Subquery:
    """Return what a field said at an instant, of the row whose id the outer query calls `ref`."""
    written = past_of(model).filter(id=OuterRef(ref), history_date__lte=at)
    return Subquery(written.order_by("-history_id").values(field)[:1])
