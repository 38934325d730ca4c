"""What follows from the record of a system, kept so that no page has to read two thousand records."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.tenancy import ScopedManager
from aims.tenant import TenantRow


def spelled(rules: Iterable[str]) -> str:
    """Return names of rules as they are kept: each between blanks, so that one can be looked for."""
    said = " ".join(rules)
    return f" {said} " if said else ""


class ImplicationQuerySet(models.QuerySet["Implication"]):
    """The vocabulary of what follows."""

    def current(self) -> Self:
        """What follows now: one row a system."""
        return self.filter(until__isnull=True)

    def standing_at(self, at: datetime | None) -> Self:
        """What follows now, or followed at an instant: one row a system."""
        return self.current() if at is None else self.filter(Q(until__isnull=True) | Q(until__gt=at), since__lte=at)

    def meeting(self, rules: Iterable[str]) -> Self:
        """Those that meet any of some rules."""
        found = Q(pk__in=())
        for rule in rules:
            found |= Q(rules__contains=f" {rule} ")
        return self.filter(found)


class Implication(TenantRow):
    """What followed from a system's record from one instant until another; it is derived, and derived again at will.

    `rules` are the names of the rules it meets, in their order; `answers` one letter for each control of
    `asked.CONTROLS`; `tier` and `clashes` what `classify` finds in it.
    """

    system = models.ForeignKey("systems.AiSystem", on_delete=models.PROTECT, related_name="implications")
    edition = models.CharField(max_length=20)
    rules = models.TextField(blank=True)
    answers = models.CharField(max_length=40, blank=True)
    tier = models.CharField(max_length=20, blank=True)
    clashes = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = ScopedManager.from_queryset(ImplicationQuerySet)()  # type: ignore[misc]

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["system"], condition=Q(until__isnull=True), name="one_implication_of_a_system_now"
            )
        ]

    def __str__(self) -> str:
        return f"what follows from system {self.system_id}"
