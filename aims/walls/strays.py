"""Rows that already refer across AIMS: walls stop the next one, and say nothing of those that were there before."""

from django.db import DEFAULT_DB_ALIAS, connections

from aims.walls.references import AIMS, Reference, references


def strays(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the columns that hold a reference into another AIMS, with how many; none is as it should be."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    found = []
    with connection.cursor() as cursor:
        for reference in references():
            if {reference.child.table, reference.parent.table} <= tables:
                cursor.execute(_count(reference))
                if count := cursor.fetchone()[0]:
                    found.append(f"{reference.child.table}.{reference.column}: {count}")
    return found


def _count(reference: Reference) -> str:
    child, parent = f"c.{AIMS}", f"p.{AIMS}"
    differ = f"({child} IS NULL OR {child} <> {parent}) AND {parent} IS NOT NULL"
    return (
        f"SELECT count(*) FROM {reference.child.table} c "  # noqa: S608  (names of ours)
        f"JOIN {reference.parent.table} p ON p.{reference.key} = c.{reference.column} WHERE {differ}"
    )
