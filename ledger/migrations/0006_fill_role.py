import json
from collections import defaultdict
from contextlib import contextmanager
from itertools import islice

from django.db import migrations

CHUNK = 5_000
GUARD = "ledger_record_no_update"


def fill(apps, schema_editor):
    """File every record that was written before under the role and the membership that its body names."""
    records = apps.get_model("ledger", "Record").unscoped
    with guard_lifted(schema_editor):
        rows = records.order_by("pk").values_list("pk", "body").iterator(chunk_size=CHUNK)
        while batch := list(islice(rows, CHUNK)):
            filed = defaultdict(list)
            for pk, body in batch:
                filed[said_by(bytes(body))].append(pk)
            for (role, membership), pks in filed.items():
                for start in range(0, len(pks), 500):
                    chosen = records.filter(pk__in=pks[start:start + 500])
                    chosen.update(role=role, membership_id=membership)


def said_by(body):
    """A body that cannot be read is left to verification, which names it."""
    try:
        said = json.loads(body)
        actor, membership = said["actor"], said["authority"]["membership"]
        role = actor["role"] or "" if actor["kind"] == "human" else actor["kind"]
        return str(role)[:20], int(membership) if membership is not None else None
    except (ValueError, KeyError, TypeError):
        return "", None


@contextmanager
def guard_lifted(schema_editor):
    """Records are append-only: their guard steps aside for the new columns and comes back as it was."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    with schema_editor.connection.cursor() as cursor:
        if is_sqlite:
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [GUARD])
        else:
            cursor.execute("SELECT 1 FROM pg_trigger WHERE tgname = %s AND NOT tgisinternal", [GUARD])
        found = cursor.fetchone()
        if found:
            off = f"DROP TRIGGER {GUARD}" if is_sqlite else f"ALTER TABLE ledger_record DISABLE TRIGGER {GUARD}"
            cursor.execute(off)
    yield
    with schema_editor.connection.cursor() as cursor:
        if found:
            cursor.execute(found[0] if is_sqlite else f"ALTER TABLE ledger_record ENABLE ALWAYS TRIGGER {GUARD}")


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0005_record_role'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
