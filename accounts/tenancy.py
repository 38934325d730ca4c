"""Managers that only ever see the AIMS in context."""

from typing import TypeVar

from django.db import models

from accounts.context import current_aims_id

M = TypeVar("M", bound=models.Model)


class ScopedManager(models.Manager[M]):
    """Filter every query, reverse relation and prefetch by the AIMS in context; raise NoAims outside it."""

    def get_queryset(self) -> models.QuerySet[M]:
        """Return the rows of the AIMS in context only."""
        return super().get_queryset().filter(aims_id=current_aims_id())
