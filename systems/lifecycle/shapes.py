"""The rule of a gate as a form has it: a few groups, each of which asks for all or some of its authorities and checks.

Deeper rules are kept by `systems.actions.set_rule` alone; they are shown in words, and the form begins empty over them.
"""

from collections.abc import Iterator
from typing import Any

from systems.lifecycle.composition import CHECK, MANDATORY, AllOf, AnyOf, Leaf, Quorum, Rule, Within

GROUPS = (1, 2, 3)
ALL, SOME = "all", "some"


def rule_from(said: dict[str, Any]) -> Rule:
    """Return the rule that a form says: its filled groups, joined by all or by any; without any, nobody is asked."""
    groups = tuple(group for number in GROUPS if (group := _group(said, number)) is not None)
    if not groups:
        return AllOf((Leaf(MANDATORY),))
    if len(groups) == 1:
        return groups[0]
    return AllOf(groups) if said["joined"] == ALL else AnyOf(groups)


def _group(said: dict[str, Any], number: int) -> Rule | None:
    people = said.get(f"people_{number}") or 1
    leaves: list[Leaf] = []
    for name in said[f"authorities_{number}"]:
        kind, _colon, key = name.partition(":")
        leaves.append(Leaf(kind, key, people))
    leaves += [Leaf(CHECK, key) for key in said[f"checks_{number}"]]
    if not leaves:
        return None
    parts: tuple[Rule, ...] = tuple(leaves)
    rule: Rule = AllOf(parts)
    if said[f"need_{number}"] == SOME:
        rule = Quorum(said.get(f"least_{number}") or 1, parts)
    places = said[f"places_{number}"]
    return Within(tuple(places), rule) if places else rule


def form_of(rule: Rule) -> dict[str, Any] | None:
    """Return what the form begins with over a rule, or None for one that does not fit into it."""
    groups = _groups(rule)
    if groups is None or len(groups) > len(GROUPS):
        return None
    said: dict[str, Any] = {"joined": SOME if isinstance(rule, AnyOf) and len(groups) > 1 else ALL}
    for number, group in zip(GROUPS, groups, strict=False):
        found = _said(group, number)
        if found is None:
            return None
        said |= found
    return said


def _groups(rule: Rule) -> list[Rule] | None:
    match rule:
        case AllOf(parts) | AnyOf(parts):
            real = [part for part in parts if part != Leaf(MANDATORY)]
            if all(isinstance(part, Leaf) for part in real):
                if not real:
                    return []
                return [type(rule)(tuple(real))]
            return real
        case _:
            return [rule]


def _said(group: Rule, number: int) -> dict[str, Any] | None:
    places, inner = (group.places, group.part) if isinstance(group, Within) else ((), group)
    parts: tuple[Rule, ...] = inner.parts if isinstance(inner, AllOf | AnyOf | Quorum) else (inner,)
    leaves = [part for part in parts if isinstance(part, Leaf)]
    counts = {leaf.people for leaf in leaves if leaf.is_authority} or {1}
    if len(leaves) != len(parts) or len(counts) > 1 or Leaf(MANDATORY) in leaves:
        return None
    least = inner.least if isinstance(inner, Quorum) else 1
    return {
        f"need_{number}": SOME if isinstance(inner, AnyOf | Quorum) else ALL,
        f"least_{number}": least,
        f"authorities_{number}": [leaf.name for leaf in leaves if leaf.is_authority],
        f"checks_{number}": [leaf.key for leaf in leaves if not leaf.is_authority],
        f"places_{number}": list(places),
        f"people_{number}": counts.pop(),
    }


def fields() -> Iterator[tuple[int, tuple[str, ...]]]:
    """Return the names of each group's fields, in the order they are shown in."""
    names = ("need", "least", "authorities", "people", "checks", "places")
    for number in GROUPS:
        yield number, tuple(f"{name}_{number}" for name in names)
