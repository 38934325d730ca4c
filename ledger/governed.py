"""What every governed row has: a version to hold writers apart, and a lasting reference."""

from functools import cache
from typing import Any, ClassVar, Protocol

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from simple_history.manager import HistoryManager

from accounts import clock
from accounts.context import current_aims_id


class ScopedHistoryManager(HistoryManager):  # type: ignore[misc]
    """History rows of the AIMS in context only, as the rows themselves."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[Any], class_name: str | None = None) -> Any:
        """Make the class once: simple-history asks for it at each look at a history, and so at each save."""
        return super().from_queryset(queryset_class, class_name)

    def get_super_queryset(self) -> "QuerySet[models.Model]":
        """Filter before anything else looks."""
        rows: QuerySet[models.Model] = super().get_super_queryset()
        return rows.filter(aims_id=current_aims_id())


class Governed(models.Model):
    """A row that only actions change; `version` counts its changes and every write names the one it saw."""

    ref_kind: ClassVar[str] = ""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    changed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True

    @property
    def ref_code(self) -> str:
        """What stands behind the colon of the reference, such as SYS-01."""
        return str(self.pk)

    @property
    def ref(self) -> str:
        """The typed reference, unique in an AIMS, such as `system:SYS-01`."""
        return f"{self.ref_kind}:{self.ref_code}"


class Subject(Protocol):
    """What a record can be about: a governed row, or a lesser one that names itself the same way."""

    @property
    def ref_kind(self) -> str:
        """The word before the colon of the reference."""

    @property
    def ref_code(self) -> str:
        """What stands behind the colon."""

    @property
    def ref(self) -> str:
        """The typed reference, unique in an AIMS."""

    @property
    def version(self) -> int:
        """How often it was written."""
