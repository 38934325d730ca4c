"""Hear of what reopens exclusions: facts, roles, scope, a linked system that changed, a treatment that relies on it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actor import Actor
from aims.ports import Described, Rescoped
from aims.vocabulary import AiRole
from assessments.ports import Relied
from changes.material import KINDS, judge
from soa.actions.reopen import Because, reopen, settle_cause
from soa.models import Applicability, Entry
from soa.queries.proposals import contradictions
from soa.reopening.models import Cause
from systems.applying.evaluate import Met, met_by, rules
from systems.applying.rules import Strength
from systems.models import AiSystem, Stage
from systems.ports import Edited, Scoped


def on_edit(edited: Edited) -> None:
    """Look again at what is excluded when what a system in scope says changed."""
    system = edited.system
    if system.is_in_scope and system.stage != Stage.RETIRED:
        _reconsider(system, _asked(edited.before), _asked(edited.after), edited.actor)
        if not edited.is_new and edited.before:
            _linked(system, edited)


def on_scope(scoped: Scoped) -> None:
    """Look again at what is excluded when a system comes into scope or leaves it."""
    asked = _asked(scoped.system.record)
    before, after = ({}, asked) if scoped.system.is_in_scope else (asked, {})
    _reconsider(scoped.system, before, after, scoped.actor)


def on_rescoped(rescoped: Rescoped) -> None:
    """A new version of the scope statement reopens every exclusion: it was decided within other bounds."""
    words = _("the scope was stated anew in version %(n)s") % {"n": rescoped.scope.number}
    for entry in _excluded():
        reopen(entry, Because(Cause.SCOPE, rescoped.scope.ref, words), actor=rescoped.actor)


def on_described(described: Described) -> None:
    """A role that the organisation plays from now on reopens what it speaks for; one it gave up asks no more."""
    played, before = set(described.aims.roles_played), set(described.roles_before)
    for role in played ^ before:
        rule = rules().get(f"role-{role}")
        if rule is None:
            continue
        source = f"role:{role}"
        words = _("the organisation plays the role %s") % AiRole(role).label
        for entry in _excluded().filter(requirement__code__in=set(rule.asks)):
            if role in played:
                reopen(entry, Because(Cause.ROLE, source, words), actor=described.actor)
            else:
                settle_cause(entry, Cause.ROLE, source, actor=described.actor)


def on_reliance(relied: Relied) -> None:
    """A treatment or measure that names an excluded control reopens it; the version is blocked until then."""
    rows = Entry.objects.with_names().filter(requirement=relied.requirement)
    for entry in rows:
        out_there = entry.per_system.filter(system=relied.system, applicability=Applicability.EXCLUDED)
        is_out = entry.applicability == Applicability.EXCLUDED
        if is_out or (relied.system is not None and out_there.exists()):
            words = _("%(what)s counts on it") % {"what": relied.label}
            reopen(entry, Because(Cause.JUDGEMENT, relied.ref, words), actor=relied.actor)


def _excluded() -> Any:
    return Entry.objects.with_names().filter(applicability=Applicability.EXCLUDED).in_order()


def _linked(system: AiSystem, edited: Edited) -> None:
    """Reopen what was excluded for this very system, or decided with a row of its own, when it changed materially."""
    kinds = judge(edited.before, edited.after).kinds
    if not kinds:
        return
    theirs = Q(per_system__system=system)
    out = Q(applicability=Applicability.EXCLUDED) | Q(per_system__applicability=Applicability.EXCLUDED)
    said = {"system": system.code, "kinds": ", ".join(str(KINDS[kind]) for kind in kinds).lower()}
    words = _("%(system)s changed: %(kinds)s") % said
    for entry in Entry.objects.with_names().filter(theirs & out).distinct():
        reopen(entry, Because(Cause.SYSTEM, system.ref, words), actor=edited.actor)


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
    for entry in _excluded().filter(requirement__code__in=new | gone):
        code = entry.requirement.code
        if code in new and (code not in before or after[code][0] is Strength.DEMANDS):
            met = after[code][1]
            words = met.rule.sentence(system.code, met.what)
            reopen(entry, Because(Cause.FACTS, system.ref, words), actor=actor)
        elif code not in after or not contradictions(code):
            settle_cause(entry, Cause.FACTS, system.ref, actor=actor)
