"""PostgreSQL: the role that seals is another than the one that writes, and neither owns the tables (trust.md 1).

Whoever gets hold of the application's role can add records, which wait for the sealer to look at them, but can neither
number nor sign anything, nor move the head of a log.
"""

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from ledger.holding import SEALER
from ledger.models import Anchor, Annex, Checkpoint, Incarnation, Leaf, Log, LogKey, Record, SetAside, Subtree, Waiting

SEALED = (Leaf, Subtree, Checkpoint)
READ = (Annex, Anchor, Incarnation, LogKey, Record, SetAside)
NOTED = ("origin", "halted", "unsigned", "verified_size", "verified_at", "fault")
OTHERS = """SELECT DISTINCT grantee FROM information_schema.role_table_grants
WHERE table_schema = 'public' AND table_name = 'ledger_leaf' AND grantee NOT IN (current_user, %s)"""
MAY_SEAL = "SELECT has_table_privilege(current_user, 'ledger_leaf', 'INSERT')"


def is_divided() -> bool:
    """Whether sealing has a role of its own."""
    return SEALER in settings.DATABASES and connections[DEFAULT_DB_ALIAS].vendor == "postgresql"


def divide(using: str = DEFAULT_DB_ALIAS, **_signal: object) -> None:
    """Grant the sealer what it needs and take that from everybody but the owner; called by `post_migrate`."""
    connection = connections[using]
    if not is_divided() or Leaf._meta.db_table not in connection.introspection.table_names():
        return
    sealer = settings.DATABASES[SEALER]["USER"]
    with connection.cursor() as cursor:
        cursor.execute(OTHERS, [sealer])
        others = [connection.ops.quote_name(role) for (role,) in cursor.fetchall()]
        for statement in _statements(connection, connection.ops.quote_name(sealer), others):
            cursor.execute(statement)


def may_seal(alias: str) -> bool:
    """Whether the role behind a connection may number records."""
    with connections[alias].cursor() as cursor:
        cursor.execute(MAY_SEAL)
        return bool(cursor.fetchone()[0])


def _statements(connection: BaseDatabaseWrapper, sealer: str, others: list[str]) -> list[str]:
    quote = connection.ops.quote_name
    log, noted = quote(Log._meta.db_table), ", ".join(map(quote, NOTED))
    sealed = ", ".join(quote(model._meta.db_table) for model in SEALED)
    read = ", ".join(quote(model._meta.db_table) for model in READ)
    found = [
        f"GRANT USAGE ON SCHEMA public TO {sealer}",
        f"GRANT SELECT, INSERT ON {sealed} TO {sealer}",
        f"GRANT SELECT ON {read} TO {sealer}",
        f"GRANT SELECT, UPDATE ON {log} TO {sealer}",
        f"GRANT SELECT, DELETE ON {quote(Waiting._meta.db_table)} TO {sealer}",
    ]
    for role in others:
        found += [
            f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {sealed} FROM {role}",
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {log} FROM {role}",
            f"GRANT UPDATE ({noted}) ON {log} TO {role}",
        ]
    return found
