"""Records in, proposals out: which requirements the facts of AI systems and the roles played speak for, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from aims.vocabulary import AiRole
from systems.applying.conditions import all_found
from systems.applying.eu_act import about_act, duties
from systems.applying.rules import Rule, Strength, about_rules, fact_rules


@dataclass(frozen=True, slots=True)
class Met:
    """A rule that holds for a record, and what made it hold."""

    rule: Rule
    what: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One requirement that one rule asks for: for which systems, in a sentence each, how strongly, by which reason."""

    requirement: str
    rule: str
    role: str
    systems: tuple[str, ...]
    sentences: tuple[str, ...]
    strength: Strength
    reason: str


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by name: those of facts and roles, then those of the EU AI Act."""
    found = [*fact_rules(), *(duty.rule for duty in duties() if duty.controls)]
    return {rule.name: rule for rule in found}


@cache
def edition() -> str:
    """Return which edition of both files the rules are; what was derived under another one is derived again."""
    return f"{about_rules()['edition']}.{about_act()['edition']}"


def met_by(record: Mapping[str, Any]) -> tuple[Met, ...]:
    """Return the rules that a record meets, in their order."""
    return tuple(met for rule in rules().values() if (met := met_of(rule, record)) is not None)


def met_of(rule: Rule, record: Mapping[str, Any]) -> Met | None:
    """Return what made a rule hold for a record, if it does: any of its ways is enough."""
    for way in rule.when:
        what = all_found(way, record)
        if what is not None:
            return Met(rule, what)
    return None


def proposals(systems: Iterable[tuple[str, Mapping[str, Any]]], roles: Iterable[str] = ()) -> tuple[Proposal, ...]:
    """Return what is proposed for some systems, by code, and by the roles that the organisation plays at large."""
    told: dict[str, list[tuple[str, str]]] = {}
    for code, record in systems:
        for met in met_by(record):
            told.setdefault(met.rule.name, []).append((code, met.rule.sentence(code, met.what)))
    for role in roles:
        name = f"role-{role}"
        if name in rules():
            words = _("The organisation plays the role %s") % AiRole(role).label
            told.setdefault(name, []).append(("", words))
    return tuple(_made(told))


def _made(told: Mapping[str, list[tuple[str, str]]]) -> Iterator[Proposal]:
    for name, rule in rules().items():
        if name in told:
            codes = tuple(code for code, _said in told[name] if code)
            words = tuple(sentence for _by, sentence in told[name])
            for requirement, strength in rule.asks.items():
                yield Proposal(requirement, name, rule.role, codes, words, strength, rule.reason)


def asked_by(names: Iterable[str]) -> dict[str, Strength]:
    """Return the requirements that rules ask for, by name of the rules, each with the greatest strength."""
    found: dict[str, Strength] = {}
    for name in names:
        rule = rules().get(name)
        for requirement, strength in rule.asks.items() if rule else ():
            if found.get(requirement) is not Strength.DEMANDS:
                found[requirement] = strength
    return found
