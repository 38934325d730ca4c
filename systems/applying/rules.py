"""The rules: which facts speak for which requirement, read from `fixtures/applying/rules.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from django.conf import settings
from ruamel.yaml import YAML

from systems.applying.conditions import Condition, read_condition


class Strength(StrEnum):
    """Whether a fact only proposes a requirement, or makes an exclusion of it a contradiction."""

    PROPOSES = "proposes"
    DEMANDS = "demands"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its conditions, what it asks for and how strongly, the reason code it would be, and its sentence."""

    name: str
    when: tuple[tuple[Condition, ...], ...]
    asks: Mapping[str, Strength]
    words: str
    reason: str = ""

    @property
    def role(self) -> str:
        """The AI role that the rule is about, if it is."""
        return self.name.removeprefix("role-") if self.name.startswith("role-") else ""

    def sentence(self, system: str, what: str) -> str:
        """Say for one system why."""
        return self.words.replace("{system}", system).replace("{what}", what)


def read_data(name: str) -> dict[str, Any]:
    """Parse one of the data files of this package."""
    text = (settings.FIXTURES / "applying" / f"{name}.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = YAML(typ="safe").load(text)
    return data


@cache
def about_rules() -> dict[str, Any]:
    """Return the whole file: its edition, date, sources and rules."""
    return read_data("rules")


@cache
def fact_rules() -> tuple[Rule, ...]:
    """Return the rules of the file, in its order; those of the EU AI Act come from its own."""
    return tuple(_rule(told) for told in about_rules()["rules"])


def _rule(told: Mapping[str, Any]) -> Rule:
    asks = dict.fromkeys(told.get("proposes", ()), Strength.PROPOSES)
    asks |= dict.fromkeys(told.get("demands", ()), Strength.DEMANDS)
    when = tuple(read_condition(condition) for condition in told["when"])
    return Rule(told["id"], (when,), asks, told["words"], told.get("reason", ""))
