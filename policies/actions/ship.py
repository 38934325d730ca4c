"""Load the shipped policies into an AIMS, so that what judged its systems is kept whatever later releases ship."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import require
from ledger.actions import record
from ledger.change import Change
from policies.actions.write import Examined, add_version
from policies.events import SHIPPED
from policies.files import shipped
from policies.metadata import metadata_of
from policies.models import Policy, PolicyVersion
from policies.permissions import may_load


@transaction.atomic
def load_shipped(*, actor: Actor) -> int:
    """Load what is new or has a new text, and return how many; where somebody put a text of their own, that stays.

    Two queries when nothing is new. A name or package of one's own that a later release uses too keeps standing.
    """
    require(may_load(actor))
    rows = {row.name: row for row in Policy.objects.all()}
    packages = {row.package for row in rows.values()}
    in_force = _in_force()
    changed = 0
    for examined in _examined():
        name = examined.package.rpartition(".")[2]
        row = rows.get(name)
        if row is None and examined.package not in packages:
            _load(Policy(aims_id=current_aims_id(), name=name, is_shipped=True, **examined.facts), examined, actor)
            changed += 1
        elif row and row.is_shipped and in_force.get((row.pk, row.number), examined.sha256) != examined.sha256:
            _load(row, examined, actor)
            changed += 1
    return changed


def _in_force() -> dict[tuple[int, int], str]:
    """Return the digests of shipped texts, by policy and number."""
    rows = PolicyVersion.objects.filter(is_shipped=True).values_list("policy_id", "number", "sha256")
    return {(policy, number): digest for policy, number, digest in rows}


def _examined() -> list[Examined]:
    return [
        Examined(source.text, f"iso42001.{source.name.removesuffix('.rego')}", metadata_of(source.text))
        for source in shipped()
    ]


def _load(row: Policy, examined: Examined, actor: Actor) -> None:
    is_new = row.pk is None
    change = Change.new(row) if is_new else Change.of(row, **examined.facts, number=row.number + 1)
    change.save(actor=actor)
    note = _("As it is shipped")
    version = add_version(row, examined, note=note, actor=actor, is_shipped=True)
    record(SHIPPED, row, actor=actor, change=change, after_hash=version.sha256)
