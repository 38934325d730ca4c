"""Canaries: the other tenant's word in every text field of its rows, whether an action fills it or not."""

import re
from collections.abc import Iterator

from django.db import connection, models

from accounts.context import acting_in
from ledger.guards import guards
from tests.matrix.rows import rows_of, tenant_models, where
from tests.matrix.tenant import Tenant

TEXTS = (models.CharField, models.TextField, models.JSONField)
HASH = re.compile(r"[0-9a-f]{32,}")
FORMED = {
    "codes and references, the same in every AIMS": {
        "auditor_looks_for", "question", "systems", "code", "duty", "edition", "event", "field", "references", "topic",
    },
    "hashes, keys and names of random letters, which are canaries themselves": {
        "by_pseudonym", "certificates", "chain", "content_digest", "digest", "faults_digest",
        "fingerprint_sha256", "frontier", "judged_digest",
        "leaf_hash", "lost_root", "mac", "message_id", "origin", "prefix", "pseudonym", "public", "restored_root",
        "root", "serial", "sha256",
    },
    "words of a vocabulary, or numbers": {
        "about", "controls", "dimension", "due_from", "faults", "happened", "kind", "kinds", "media_type", "numbers",
        "named", "roles", "roles_played", "scopes", "sections", "sensitive_uses", "time_zone", "triggers",
    },
    "shipped words": {"acceptance", "accepts", "bands", "details", "likelihood", "severity"},
}  # fmt: skip
ONLY_HERE = {
    "assessments_historicaltrigger.source", "assessments_trigger.source",
    "soa_historicalreopening.source", "soa_reopening.source",
    "assessments_historicalscreening.reasons", "assessments_screening.reasons",
    "assessments_historicalassessment.digest", "evidence_read.request_id", "jobs_job.kind", "ledger_logkey.name",
    "ledger_record.role", "soa_entry.reasons", "soa_historicalentry.reasons", "soa_intake.result",
    "systems_completenessstatement.systems", "systems_historicalcompletenessstatement.systems",
    "soa_historicalstatementversion.warnings", "soa_statementversion.warnings",
    "systems_historicalsignature.authority", "systems_signature.authority",
}  # fmt: skip


def text_fields(table: str) -> Iterator[models.Field]:  # type: ignore[type-arg]
    """The fields of a table that could hold words of the AIMS."""
    formed = set().union(*FORMED.values())
    for field in tenant_models()[table]._meta.concrete_fields:
        is_free = isinstance(field, TEXTS) and not field.choices and not field.primary_key
        if is_free and field.name not in formed and f"{table}.{field.name}" not in ONLY_HERE:
            yield field


def bare(tenant: Tenant) -> list[str]:
    """The text fields in which the tenant's word does not stand."""
    found = []
    for table, model in tenant_models().items():
        columns = [field.column for field in model._meta.concrete_fields]
        rows = rows_of(tenant, table)
        for field in text_fields(table):
            place = columns.index(field.column)
            if not any(tenant.word.lower() in str(row[place]).lower() for row in rows):
                found.append(f"{table}.{field.name}")
    return found


def plant(tenant: Tenant) -> None:
    """Write the word into the text fields that no action filled; what guards keep is filled by actions alone."""
    guarded = {guard.table for guard in guards(connection.vendor)}
    with acting_in(tenant.aims), connection.cursor() as cursor:
        for name in bare(tenant):
            table, _dot, field_name = name.partition(".")
            field = tenant_models()[table]._meta.get_field(field_name)
            if table not in guarded and not isinstance(field, models.JSONField):
                text = f"{tenant.word} planted"[: field.max_length]  # type: ignore[union-attr]
                key = "SELECT min(a.id)" if field.unique else "SELECT a.id"  # type: ignore[union-attr]
                chosen = f"{key} FROM {table} a WHERE {where(tenant_models()[table])}"
                cursor.execute(
                    f'UPDATE {table} SET "{field.column}" = %s WHERE id IN ({chosen})', [text, tenant.aims.pk]
                )  # type: ignore[union-attr]


def hashes_of(tenant: Tenant) -> frozenset[str]:
    """Every hash and random name in the tenant's rows: where one of them is answered, something of theirs is."""
    return frozenset(
        found for table in tenant_models() for row in rows_of(tenant, table) for found in HASH.findall(str(row))
    )
