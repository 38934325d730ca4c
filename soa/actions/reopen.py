"""Reopen an exclusion when facts, roles or scope of a system come to speak for the control: a task for its owner."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.roles import Role
from aims.hands import people_with
from duties.actions import close_tasks, open_task
from soa.models import Applicability, Entry
from soa.queries.proposals import contradictions
from systems.applying.evaluate import Met, met_by
from systems.applying.rules import Strength
from systems.models import AiSystem, Stage
from systems.ports import Edited, Scoped

TASK = "exclusion"


def on_edit(edited: Edited) -> None:
    """Look again at what is excluded when what a system in scope says changed."""
    if edited.system.is_in_scope and edited.system.stage != Stage.RETIRED:
        _reconsider(edited.system, _asked(edited.before), _asked(edited.after), edited.actor)


def on_scope(scoped: Scoped) -> None:
    """Look again at what is excluded when a system comes into scope or leaves it."""
    asked = _asked(scoped.system.record)
    before, after = ({}, asked) if scoped.system.is_in_scope else (asked, {})
    _reconsider(scoped.system, before, after, scoped.actor)


def settle(entry: Entry, *, actor: Actor) -> None:
    """Close the task once a person decided the row again and no fact contradicts what they decided; two queries."""
    if entry.applicability != Applicability.EXCLUDED or not contradictions(entry.requirement.code):
        close_tasks(TASK, entry.ref, actor=actor)


def _asked(record: Mapping[str, object]) -> dict[str, tuple[Strength, Met]]:
    """Return what a record asks for, each with the strongest rule that does."""
    found: dict[str, tuple[Strength, Met]] = {}
    for met in met_by(record):
        for code, strength in met.rule.asks.items():
            if code not in found or (strength, found[code][0]) == (Strength.DEMANDS, Strength.PROPOSES):
                found[code] = strength, met
    return found


def _reconsider(
    system: AiSystem,
    before: Mapping[str, tuple[Strength, Met]],
    after: Mapping[str, tuple[Strength, Met]],
    actor: Actor,
) -> None:
    new = {code for code in after if code not in before or before[code][0] != after[code][0]}
    gone = {code for code in before if code not in after or before[code][0] != after[code][0]}
    if not new | gone:
        return
    rows = Entry.objects.with_names().filter(applicability=Applicability.EXCLUDED, requirement__code__in=new | gone)
    for entry in rows:
        code = entry.requirement.code
        if code in new and (code not in before or after[code][0] is Strength.DEMANDS):
            _ask(entry, system, after[code][1])
        elif not contradictions(code):
            close_tasks(TASK, entry.ref, actor=actor)


def _ask(entry: Entry, system: AiSystem, met: Met) -> None:
    code = entry.requirement.code
    words = {"code": code, "why": met.rule.sentence(system.code, met.what)}
    steward = next(iter(people_with(Role.OFFICER, clock.now(), frozenset())), None) if not entry.owner_id else None
    open_task(
        TASK,
        entry.ref,
        _("Decide %(code)s again: it is excluded, and %(why)s") % words,
        owner_id=entry.owner_id or (steward.pk if steward else None),
        address=reverse("soa:workbench", args=[entry.aims.slug]) + f"?control={code}",
    )
