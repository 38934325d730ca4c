"""Which tables belong to an AIMS and where they point at each other, read from the models: a later one is found too."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Field, ForeignKey, Model

AIMS = "aims_id"


@dataclass(frozen=True, slots=True)
class Tenant:
    """A table whose rows belong to an AIMS; `is_null` where a row may belong to none, and so to all."""

    model: type[Model]
    table: str
    is_null: bool
    is_history: bool

    @property
    def label(self) -> str:
        """The model's name, such as `soa.Entry`."""
        return self.model._meta.label


@dataclass(frozen=True, slots=True)
class Reference:
    """A column of a tenant's table that points at a row of a tenant's table, by the column `key` of that."""

    child: Tenant
    column: str
    parent: Tenant
    key: str

    @property
    def is_plain(self) -> bool:
        """Whether both ends name an AIMS in every row, so that a composite foreign key says it all."""
        return not (self.child.is_null or self.parent.is_null)

    def broken(self, schema: str = "") -> str:
        """Return SQL over NEW that is true when the column points at no row of its AIMS, nor at a shared one."""
        shared = f" OR {AIMS} IS NULL" if self.parent.is_null else ""
        found = f"{self.key} = NEW.{self.column} AND ({AIMS} = NEW.{AIMS}{shared})"
        found = f"SELECT 1 FROM {schema}{self.parent.table} WHERE {found}"  # noqa: S608  (names of ours)
        return f"NEW.{self.column} IS NOT NULL AND NOT EXISTS ({found})"

    @property
    def says(self) -> str:
        """What the database says when it refuses."""
        return f"{self.child.table}.{self.column} refers to no row of its own AIMS"


def tenants() -> list[Tenant]:
    """Return every table with a column `aims_id`, history included."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return [_tenant(model, field) for model in models for field in _columns(model) if field.column == AIMS]


def references() -> list[Reference]:
    """Return every reference from a tenant's table to a tenant's table; a row of history refers to its row as well."""
    known = {tenant.model: tenant for tenant in tenants()}
    return [reference for tenant in known.values() for reference in _of(tenant, known)]


def _of(child: Tenant, known: dict[type[Model], Tenant]) -> Iterator[Reference]:
    for field in _columns(child.model):
        if isinstance(field, ForeignKey) and field.related_model in known:
            yield Reference(child, str(field.column), known[field.related_model], str(field.target_field.column))
    if child.is_history:
        origin: type[Model] = child.model.instance_type  # type: ignore[attr-defined]
        key = str(origin._meta.pk.column)
        yield Reference(child, key, known[origin], key)


def _tenant(model: type[Model], field: "Field[object, object]") -> Tenant:
    return Tenant(model, model._meta.db_table, bool(field.null), hasattr(model, "instance_type"))


def _columns(model: type[Model]) -> "list[Field[object, object]]":
    return list(model._meta.local_concrete_fields)
