"""The bases of every tenant row: it names its AIMS, and its managers never look beyond the one in context."""

from typing import Any, ClassVar, Self

from django.db import models
from simple_history.models import HistoricalRecords

from accounts.tenancy import ScopedManager
from aims.history import PastManager, PastQuerySet
from ledger.governed import Governed


class TenantRow(models.Model):
    """A row that belongs to one AIMS."""

    aims = models.ForeignKey("aims.Aims", on_delete=models.PROTECT, related_name="+", editable=False)

    objects: ClassVar[models.Manager[Self]] = ScopedManager()
    unscoped: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "unscoped"
        default_manager_name = "objects"


class TenantModel(Governed, TenantRow):
    """A governed tenant row, with its history."""

    history: Any = HistoricalRecords(
        inherit=True,
        history_change_reason_field=models.TextField(null=True),
        history_manager=PastManager,
        historical_queryset=PastQuerySet,
        user_db_constraint=False,
    )

    class Meta(TenantRow.Meta):
        abstract = True
