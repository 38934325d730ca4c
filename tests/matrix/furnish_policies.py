"""Policies of an AIMS, for the walk."""

from policies.actions import revise_policy, switch_policy, write_policy
from systems.actions.judge import note_judging
from systems.judging.work import judge_all, read
from tests.matrix.afterwards import Says
from tests.matrix.tenant import Tenant


def policies_of(tenant: Tenant, says: Says, times: int) -> None:
    """Own policies, one of them revised and one switched off; every system judged."""
    for number in range(times + 1):
        text = a_policy(tenant, says, number)
        row = write_policy(f"{tenant.word.lower()}_{number}", text, note=says("note"), actor=tenant.author)
        row = revise_policy(row, f"{text}\n# {says('again')}\n", note=says("again"), seen=1, actor=tenant.author)
    row = switch_policy(row, is_on=False, reason=says("off"), seen=row.version, actor=tenant.author)
    switch_policy(row, is_on=True, reason=says("on"), seen=row.version, actor=tenant.author)
    note_judging(judge_all(read()), occasion="asked", by_id=tenant.author.user_id, actor=tenant.author)


def a_policy(tenant: Tenant, says: Says, number: int) -> str:
    """A policy that fails everything in this AIMS's words."""
    head = f"# METADATA\n# title: {says('policy')}\n# custom:\n#   controls: [A.6.2.4]\n#   severity: advice\n"
    return f'{head}package {tenant.word.lower()}.p{number}\n\ndeny contains "{says("denied")}"\n'
