"""Bring a register in: every row that fits becomes a system or a change of one, in one transaction."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal
from systems.actions.edit import edit_system
from systems.actions.register_all import Newcomer, register_all
from systems.registers.decoding import NotATable
from systems.registers.mapping import NotAMapping, Words, read_mapping
from systems.registers.plan import ImportPlan, plan_import
from systems.registers.table import read_table


class NotImportable(Refusal):
    """The file cannot be read as a register, or its mapping does not fit it."""


def words_of(mapping: bytes | None) -> Words:
    """Read a mapping file; without one headers are guessed alone."""
    try:
        return read_mapping(mapping) if mapping is not None else Words()
    except NotAMapping as error:
        raise NotImportable(str(error), field="mapping") from error


def plan_of_register(data: bytes, words: Words) -> ImportPlan:
    """Judge every row of a file; writes nothing."""
    try:
        return plan_import(read_table(data, words.columns), words)
    except NotATable as error:
        raise NotImportable(str(error), field="file") from error
    except NotAMapping as error:
        raise NotImportable(str(error), field="mapping") from error


@transaction.atomic
def import_register(data: bytes, name: str, words: Words, *, actor: Actor) -> ImportPlan:
    """Register the systems that are new and edit those that differ; rows that were refused are left out."""
    plan = plan_of_register(data, words)
    said = {"file": name}
    newcomers = [
        Newcomer(row.record, _("Imported from %(file)s, line %(line)d.") % {**said, "line": row.line})
        for row in plan.of("added")
    ]
    register_all(newcomers, actor=actor)
    for row in plan.of("changed"):
        assert row.system  # noqa: S101  (only what is there changes)
        reason = _("Imported from %(file)s, line %(line)d.") % {**said, "line": row.line}
        edit_system(row.system, seen=row.system.version, actor=actor, reason=reason, record=row.record)
    return plan
