"""The registry at a glance: how many systems there are at each stage and tier, and how many lack a word; one query."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from systems.models import AiSystem, Stage
from systems.record.schema import schema
from systems.sections.words import word


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the systems say one thing, and what narrows the list to them."""

    label: str
    count: int
    narrows: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The systems that are listed, by signed stage and by risk tier."""

    all: int
    by_stage: tuple[Share, ...]
    by_risk: tuple[Share, ...]


def overview(rows: "QuerySet[AiSystem]") -> Overview:
    """Count the systems that are listed."""
    stages: Counter[str] = Counter()
    risks: Counter[str] = Counter()
    told: Any = rows.order_by().values_list("stage", "risk_tier").annotate(number=Count("id"))
    for stage, risk, number in told:
        stages[stage] += number
        risks[risk] += number
    tiers = [*reversed(schema()["properties"]["classification"]["properties"]["risk_tier"]["enum"]), ""]
    return Overview(
        sum(stages.values()),
        tuple(Share(str(label), stages[value], f"stage={value}") for value, label in Stage.choices if stages[value]),
        tuple(
            Share(word(tier) if tier else _("Not known yet"), risks[tier], f"risk={tier or 'unknown'}")
            for tier in tiers
            if risks[tier]
        ),
    )
