"""PostgreSQL: composite foreign keys, triggers where these cannot say it, and row-level security."""

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import truncate_name

from aims.walls.part import Part
from aims.walls.policies import TOLD, Policy, is_walled, policies
from aims.walls.references import AIMS, Reference, Tenant, references, tenants
from aims.walls.rules import on_postgres

NAME = 63
CONSTRAINT = "ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}, ADD CONSTRAINT {name} {trace}"
FUNCTION = "CREATE OR REPLACE FUNCTION {name}() RETURNS {returns} LANGUAGE {language} AS $${source}$$"
REFUSE = """
  IF (TG_OP = 'INSERT' OR NEW.{column} IS DISTINCT FROM OLD.{column} OR NEW.{aims} IS DISTINCT FROM OLD.{aims})
      AND {broken} THEN
    RAISE EXCEPTION '{says}' USING ERRCODE = 'foreign_key_violation';
  END IF;"""
TRIGGER = (
    "CREATE OR REPLACE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();"
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"
)
ROW_BEFORE_INSERT_OR_UPDATE = 23
SECURITY = "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
POLICY = "DROP POLICY IF EXISTS {name} ON {table}; CREATE POLICY {name} ON {table} FOR {verb} TO {role} USING ({rows})"
VERBS = {"ALL": "*", "SELECT": "r"}

PRESENT = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname LIKE 'own\\_%%' AND convalidated
UNION ALL SELECT tgname, tgtype::text || prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
  WHERE tgname LIKE 'own\\_%%' AND tgenabled = 'A' AND tgqual IS NULL
UNION ALL SELECT proname, prosrc FROM pg_proc WHERE proname = ANY(%s)
UNION ALL SELECT relname || ' row security', 'forced' FROM pg_class WHERE relrowsecurity AND relforcerowsecurity
UNION ALL SELECT relname || ' ' || polname,
  polcmd::text || CASE WHEN NOT polpermissive THEN 'restrictive' WHEN polroles = ARRAY[0::oid] THEN 'public'
    WHEN polroles = ARRAY[relowner] THEN 'owner' ELSE polroles::text END
  || pg_get_expr(polqual, polrelid) || coalesce(pg_get_expr(polwithcheck, polrelid), '')
  FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid WHERE polname LIKE 'assay\\_%%'"""

UNBOUND = "SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)"
STRANGE = """
SELECT polname, relname FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid
WHERE polpermissive AND relname || ' ' || polname <> ALL(%s) AND relname = ANY(%s)
  AND EXISTS (SELECT 1 FROM unnest(polroles) AS role WHERE role = 0 OR pg_has_role(role, 'MEMBER')) ORDER BY 1, 2"""


def parts() -> list[Part]:
    """Return what a database should have, in an order in which it can be made."""
    mine = references()
    plain = [one for one in mine if one.is_plain]
    parents = {one.parent.table: one for one in plain}
    found = [_function(name, returns, source) for name, (returns, source) in TOLD.items()]
    found += [_unique(one) for one in parents.values()]
    found += [_foreign_key(one) for one in plain]
    for tenant in tenants():
        if others := [one for one in mine if one.child == tenant and not one.is_plain]:
            found.append(_trigger(tenant, others))
        if is_walled(tenant):
            found += _security(tenant)
    found += [_kept(rule.table, name, source) for rule, name, source in on_postgres()]
    return found


def _function(name: str, returns: str, source: str) -> Part:
    statement = FUNCTION.format(name=name, returns=returns, language="sql STABLE PARALLEL SAFE", source=source)
    return Part(name, "", (statement,), _bare(source))


def _unique(one: Reference) -> Part:
    table = one.parent.table
    return _constraint(_name(table, one.key), table, f"UNIQUE ({AIMS}, {one.key})")


def _foreign_key(one: Reference) -> Part:
    points = f"FOREIGN KEY ({AIMS}, {one.column}) REFERENCES {one.parent.table}({AIMS}, {one.key})"
    return _constraint(_name(one.child.table, one.column), one.child.table, points)


def _constraint(name: str, table: str, trace: str) -> Part:
    return Part(name, table, (CONSTRAINT.format(table=table, name=name, trace=trace),), _bare(trace))


def _trigger(tenant: Tenant, mine: list[Reference]) -> Part:
    checks = "".join(
        REFUSE.format(column=one.column, aims=AIMS, broken=one.broken("public."), says=one.says) for one in mine
    )
    return _kept(tenant.table, _name(tenant.table), f"BEGIN{checks} RETURN NEW; END")


def _kept(table: str, name: str, source: str) -> Part:
    statements = (
        FUNCTION.format(name=name, returns="trigger", language="plpgsql", source=source),
        TRIGGER.format(name=name, table=table),
    )
    return Part(name, table, statements, _bare(f"{ROW_BEFORE_INSERT_OR_UPDATE}{source}"))


def _security(tenant: Tenant) -> Iterator[Part]:
    table = tenant.table
    for policy in policies(tenant):
        yield _policy(table, policy)
    yield Part(f"{table} row security", table, (SECURITY.format(table=table),), "forced")


def _policy(table: str, policy: Policy) -> Part:
    role, trace = ("CURRENT_USER", "owner") if policy.is_owners else ("PUBLIC", "public")
    made = POLICY.format(name=policy.name, table=table, verb=policy.verb, role=role, rows=policy.rows)
    return Part(f"{table} {policy.name}", table, (made,), _bare(f"{VERBS[policy.verb]}{trace}{policy.rows}"))


def _name(*words: str) -> str:
    return truncate_name("own_" + "_".join(words), NAME)


def _bare(text: str) -> str:
    """Text as the database gives it back, without the blanks, brackets and schema that it puts in."""
    return "".join(text.translate({ord("("): " ", ord(")"): " "}).replace("public.", "").split())


def present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return what is there of the walls, with what the database says of each."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT, [list(TOLD)])
        return {name: _bare(trace) for name, trace in cursor.fetchall()}


def openings(connection: BaseDatabaseWrapper) -> list[str]:
    """Return in words what lets this role see over the walls: what it is, or a policy that is none of ours."""
    mine = [part.name for part in parts()]
    tables = [tenant.table for tenant in tenants()]
    with connection.cursor() as cursor:
        cursor.execute(UNBOUND)
        found = [f"Row-level security does not bind the role {name}." for (name,) in cursor.fetchall()]
        cursor.execute(STRANGE, [mine, tables])
        return found + [f"The policy {name} on {table} opens the wall." for name, table in cursor.fetchall()]


def see_whole(connection: BaseDatabaseWrapper, *, is_on: bool) -> None:
    """Let the owner look over the walls in this session, for a migration that goes through the rows of every AIMS."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.whole', %s, false)", ["on" if is_on else ""])
