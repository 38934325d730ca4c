"""Rows of any model, made from its fields alone, so that a model that comes later is tried as well."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, models, transaction

from accounts import clock
from accounts.models import User
from aims.models import Aims
from aims.walls import Reference
from systems.models import AiSystem

_number = count(1_000)


SAID: dict[str, dict[str, Any]] = {
    "changes.ChangeRecord": {"opened_by_id": None, "decided_by_id": None, "is_emergency": False},
    "changes.Demand": {"state": "met"},
    "assessments.TreatmentPlan": {"state": "returned"},
    "operations.LimitCrossing": {"until": datetime(2036, 6, 18, tzinfo=UTC)},
    "assessments.Trigger": {"effect": "unsaid", "because": ""},
    "changes.Touched": {"effect": "unsaid", "because": ""},
    "aims.Membership": {
        "valid_until": datetime(2036, 6, 18, tzinfo=UTC),
        "user_id": lambda maker: maker.another(User),
    },
    "systems.FunctionHolder": {"key": "dpo", "named_by_id": lambda maker: maker.another(User)},
    "systems.GateRule": {"stage": "operation"},
    "systems.Transition": {"state": "proposed", "system_id": lambda maker: maker.another(AiSystem)},
    "policies.Policy": {"off_reason": "Words."},
    "evidence.FileText": {"why": ""},
    "evidence.Review": {"drafted": 3, "confidence": 70, "confirmed_by_id": None},
    "systems.CompletenessStatement": {"valid_until": date(2036, 6, 18)},
    "assessments.Screening": {"state": "superseded"},
    "assessments.SectionText": {"not_applicable_because": ""},
    "evidence.Suggestion": {"state": "open", "decided_at": None, "confidence": 50},
    "evidence.Scan": {"verdict": "clean", "found": ""},
    "incidents.Incident": {"state": "triaged", "severity": 3},
    "incidents.Notification": {"state": "due"},
    "incidents.OwnDuty": {"within": 24, "least_severity": 4},
    "incidents.Runbook": {"drilled_each": 12},
}
"""What a table's own checks ask for; a model whose checks ask for more needs a row here, or a function of the maker."""


class Maker:
    """Makes rows of one AIMS, and what they point at, past every action; what was made once is pointed at again."""

    def __init__(self, aims: Aims) -> None:
        self.aims = aims
        self._made: dict[type[models.Model], models.Model] = {aims.__class__: aims}

    def row(self, model: type[models.Model]) -> models.Model:
        """The row of a model that others point at: one that founding the AIMS made, or a fresh one."""
        if model not in self._made:
            is_ours = {"aims_id": self.aims.pk} if any(one.attname == "aims_id" for one in _columns(model)) else {}
            there = model._base_manager.filter(**is_ours).order_by("-pk").first()
            self._made[model] = saved(self.fresh(model)) if there is None or model._meta.label in SAID else there
        return self._made[model]

    def fresh(self, model: type[models.Model], **given: Any) -> models.Model:
        """A row that is not saved yet; `given` by column."""
        said = SAID.get(model._meta.label, {})
        given = {name: value(self) if callable(value) else value for name, value in said.items()} | given
        asked = (
            field
            for field in _columns(model)
            if field.attname not in given and (not field.null or field.attname == "aims_id")
        )
        columns = {field.attname: self._value(field) for field in asked}
        if hasattr(model, "instance_type"):
            columns["id"] = self.row(model.instance_type).pk
        return model(**columns | given)

    def another(self, model: type[models.Model]) -> Any:
        """The key of a row that nothing else points at."""
        return saved(self.fresh(model)).pk

    def _value(self, field: "models.Field[Any, Any]") -> Any:
        if field.attname == "aims_id":
            return self.aims.pk
        if isinstance(field, models.ForeignKey):
            related = field.related_model
            return (saved(self.fresh(related)) if field.unique and not _is_one(related) else self.row(related)).pk
        if field.choices:
            return list(field.choices)[-1][0]
        return _plain(field)


def _plain(field: "models.Field[Any, Any]") -> Any:
    values: dict[type[models.Field[Any, Any]], Any] = {
        models.BooleanField: False,
        models.DecimalField: Decimal(1),
        models.UUIDField: uuid4(),
        models.DateTimeField: clock.now(),
        models.DateField: date(2026, 6, 18),
        models.JSONField: [],
        models.BinaryField: b"{}",
        models.SmallIntegerField: next(_number) % 30_000,
        models.PositiveSmallIntegerField: next(_number) % 30_000,
        models.IntegerField: next(_number),
        models.CharField: str(next(_number)),
        models.TextField: "Words.",
    }
    return next(values[kind] for kind in type(field).__mro__ if kind in values)


@cache
def _is_one(model: type[models.Model]) -> bool:
    """Whether an AIMS has one row of a model at most, or one that is not replaced yet."""
    unique = (one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint))
    columns = (field for field in _columns(model) if field.unique)
    return any(tuple(one.fields) == ("aims",) for one in unique) or any(one.attname == "aims_id" for one in columns)


def _columns(model: type[models.Model]) -> "Iterator[models.Field[Any, Any]]":
    return (field for field in model._meta.local_concrete_fields if not isinstance(field, models.AutoField))


def saved(row: models.Model) -> models.Model:
    """Save a row as it is, without history and without an action."""
    row.save_base(raw=True, force_insert=True)
    return row


def target(maker: Maker, reference: Reference) -> models.Model:
    """A row to point at, to which nothing points yet where rules say how many may: theirs is the first answer."""
    model = reference.parent.model
    if reference.column not in _counted(reference.child.model) or _is_one(model):
        return maker.row(model)
    try:
        with transaction.atomic():
            return saved(maker.fresh(model))
    except IntegrityError:
        return maker.row(model)


def _counted(model: type[models.Model]) -> set[str]:
    """The columns of the rules that rows be unique."""
    rules = (one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint))
    named = {model._meta.get_field(name).column for rule in rules for name in rule.fields}  # type: ignore[attr-defined]
    return named | {field.column for field in _columns(model) if field.unique}
