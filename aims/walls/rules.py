"""Rules of rooms that no constraint can say, because they look at rows of another table: both databases keep them."""

from dataclasses import dataclass

from django.db.models import Model

from aims.walls.part import Part

SQLITE_NAME, POSTGRES_NAME = "walls_{table}_{name}_{verb}", "own_{table}_{name}"
SQLITE = """CREATE TRIGGER {name} BEFORE {verb} ON {table}
WHEN {broken}
BEGIN SELECT RAISE(ABORT, '{says}'); END"""
SOURCE = """BEGIN
  IF TG_OP = 'INSERT' THEN
    IF {inserted} THEN RAISE EXCEPTION '{says}' USING ERRCODE = 'check_violation'; END IF;
  ELSIF {updated} THEN RAISE EXCEPTION '{says}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW; END"""


@dataclass(frozen=True, slots=True)
class RowRule:
    """A row that may not be written: SQL over NEW for a new one, over NEW and OLD for a changed one.

    `{schema}` stands before names of other tables.
    """

    model: type[Model]
    name: str
    inserted: str
    updated: str
    says: str

    @property
    def table(self) -> str:
        """The table's name."""
        return self.model._meta.db_table


_rules: list[RowRule] = []


def keeps_rows(*rules: RowRule) -> None:
    """Have the database keep a room's rules; called from `AppConfig.ready`."""
    _rules.extend(rule for rule in rules if rule not in _rules)


def on_sqlite() -> list[Part]:
    """Return two triggers for each rule."""
    return [
        _sqlite(rule, verb, broken)
        for rule in _rules
        for verb, broken in (("INSERT", rule.inserted), ("UPDATE", rule.updated))
    ]


def _sqlite(rule: RowRule, verb: str, broken: str) -> Part:
    name = SQLITE_NAME.format(table=rule.table, name=rule.name, verb=verb.lower())
    broken = broken.format(schema="")
    statement = SQLITE.format(name=name, verb=verb, table=rule.table, broken=broken, says=rule.says)
    return Part(name, rule.table, (f"DROP TRIGGER IF EXISTS {name}", statement), statement)


def on_postgres() -> list[tuple[RowRule, str, str]]:
    """Return each rule with the name of its function and what that does."""
    return [
        (
            rule,
            POSTGRES_NAME.format(table=rule.table, name=rule.name),
            SOURCE.format(
                inserted=rule.inserted.format(schema="public."),
                updated=rule.updated.format(schema="public."),
                says=rule.says,
            ),
        )
        for rule in _rules
    ]
