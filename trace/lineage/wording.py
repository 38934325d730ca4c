"""Lineage in words: what kinds are called, in which group they stand, and how things lean on each other."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from trace import words

KINDS = {
    "entry": gettext_lazy("Control"),
    "requirement": gettext_lazy("Clause or control"),
    "version": gettext_lazy("Version"),
    "statement": gettext_lazy("Draft"),
    "system": gettext_lazy("AI system"),
    "incident": gettext_lazy("Incident"),
    "change": gettext_lazy("Change record"),
    "policy": gettext_lazy("Policy"),
    "assessment": gettext_lazy("Impact assessment"),
    "screening": gettext_lazy("Screening"),
    "risk": gettext_lazy("Risk"),
    "evidence": gettext_lazy("Evidence version"),
    "membership": gettext_lazy("Role"),
    "approval": gettext_lazy("Approval"),
    "decision": gettext_lazy("Decision"),
    "record": gettext_lazy("Record"),
}
LEANS = {
    "accepted_in": gettext_lazy("was accepted in it"),
    "acted_under": gettext_lazy("was done under it"),
    "approved_by": gettext_lazy("was approved in it"),
    "assessed_by": gettext_lazy("is judged by it"),
    "assesses": gettext_lazy("assesses it"),
    "bears_on": gettext_lazy("bears on it"),
    "because_of": gettext_lazy("applies because of it"),
    "changes": gettext_lazy("changes it"),
    "checked_by": gettext_lazy("is checked by it"),
    "concerns": gettext_lazy("is about it"),
    "covers": gettext_lazy("covers it"),
    "decided_in": gettext_lazy("was decided in it"),
    "follows": gettext_lazy("follows it"),
    "given_in": gettext_lazy("was given in it"),
    "met_by": gettext_lazy("met a demand with it"),
    "judged_by": gettext_lazy("is judged by it"),
    "mitigated_by": gettext_lazy("has a measure in it"),
    "names": gettext_lazy("names it"),
    "proved_by": gettext_lazy("is proved by it"),
    "relies_on": gettext_lazy("relies on it"),
    "replaces": gettext_lazy("replaces it"),
    "supersedes": gettext_lazy("supersedes it"),
    "reaches": gettext_lazy("touches it through its system"),
    "treated_by": gettext_lazy("is treated by it"),
    "touches": gettext_lazy("touches it"),
    "within": gettext_lazy("lies within it"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that stand together, in a column of the map and a step of the trail."""

    name: str
    heading: str
    kinds: frozenset[str]


def groups() -> tuple[Group, ...]:
    """Return the groups of known kinds, from left to right; asked for hundreds of times a page, so kept by language."""
    return _groups(get_language())


@cache
def _groups(_language: str | None) -> tuple[Group, ...]:
    told = (
        ("version", _("Versions"), {"version", "statement"}),
        ("control", _("Controls"), {"entry", "requirement"}),
        ("system", _("AI systems"), {"system", "change"}),
        ("assessment", _("Impact assessments"), {"assessment", "screening"}),
        ("reason", _("Reasons and criteria"), {"risk", "obligation", "criteria", "scope", "milestone"}),
        ("policy", _("Policy checks"), {"policy"}),
        ("evidence", _("Evidence"), {"evidence"}),
        ("approval", _("Approvals"), {"approval", "decision"}),
        ("record", _("Records"), {"record"}),
        ("authority", _("Authority"), {"membership"}),
    )
    return tuple(Group(name, heading, frozenset(kinds)) for name, heading, kinds in told)


def group_of(kind: str) -> Group:
    """Return the group of a kind; one that only a later room knows stands by itself."""
    own = Group(kind, kind_words(kind), frozenset({kind}))
    return next((group for group in groups() if kind in group.kinds), own)


def natural(code: str) -> list[tuple[int, str]]:
    """Order codes as people count: A.2.2 before A.10.2."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.findall(r"\d+|\D+", code)]


def in_order(names: Iterable[str]) -> list[str]:
    """Order groups from left to right; those of later rooms stand beside the AI systems."""
    order = [group.name for group in groups()]
    unknown = order.index("system") + 0.5
    return sorted(names, key=lambda name: order.index(name) if name in order else unknown)


def kind_words(kind: str) -> str:
    """Name one thing of a kind."""
    return str(KINDS[kind]) if kind in KINDS else words.kind_label(kind)


def leaning(relation: str) -> str:
    """Say how something leans on the subject."""
    return str(LEANS[relation]) if relation in LEANS else relation.replace("_", " ")
