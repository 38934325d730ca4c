"""Records to judge: one that every shipped policy passes, and what one takes out of it."""

from copy import deepcopy
from typing import Any

GOOD: dict[str, Any] = {
    "id": "support-assistant",
    "name": "Support assistant",
    "owner": "team-ai-platform",
    "deployment": {"environment": "production", "regions": ["eu-west-1"], "jurisdictions": ["EU"]},
    "classification": {
        "purpose": "customer support",
        "data_sensitivity": "special",
        "risk_tier": "high",
        "affected_parties": ["customers"],
        "automation": "decides-with-review",
        "human_oversight": "Support agents overrule every answer",
        "eu_ai_act_tier": "limited",
        "eu_ai_act": {"prohibited_practices_checked_on": "2026-02-01", "prohibited_practices": []},
    },
    "specification": {"document": "docs/specification.md"},
    "model": {"type": "llm-rag", "provider": "Example", "version_pinned": True},
    "people": [{"role": "ML engineer", "competence": "retrieval systems"}],
    "data": {
        "sources": [
            {
                "name": "tickets",
                "pii": True,
                "special_categories": True,
                "consent": "consent",
                "retention_days": 365,
                "provenance": "our own ticket system",
                "quality": "no duplicates",
                "quality_checked_on": "2026-05-01",
            }
        ],
        "rag_sources": [
            {
                "name": "handbook",
                "licence": "own work",
                "provenance": "our own wiki",
                "quality": "current",
                "quality_checked_on": "2026-05-01",
            }
        ],
        "removal": {"possible": True, "how": "index rebuilt", "within_days": 30},
    },
    "suppliers": [
        {"name": "example", "due_diligence": "passed", "reviewed_on": "2026-01-10", "next_review": "2027-01-10"}
    ],
    "documentation": [{"audience": "users", "location": "docs/users.md"}],
    "logging": {
        "enabled": True,
        "events": ["answer"],
        "prompts": True,
        "answers": True,
        "retention_days": 90,
        "readers": ["support leads"],
    },
    "monitoring": {"enabled": True, "signals": ["groundedness"], "owner": "team-ai-platform"},
    "governance": {
        "impact_assessment_id": "IA-2026-014",
        "last_reviewed": "2026-01-15",
        "approved_by": ["cto", "dpo"],
        "data_protection_advice": "Keep the index in the EU.",
        "bias_test": {"done_on": "2026-03-01", "passed": True, "groups": ["age", "language"]},
        "evaluation": {"done_on": "2026-03-02", "passed": True, "benchmark": "support-200"},
        "threats": [
            {"name": "poisoning", "mitigation": "reviewed sources"},
            {"name": "model-stealing", "mitigation": "hosted by the vendor"},
            {"name": "inversion", "mitigation": "no training on tickets"},
            {"name": "prompt-injection", "mitigation": "filters"},
        ],
        "escalation": {"contact": "oncall@meridian.example", "within_hours": 4, "stop_authority": "head of support"},
        "user_information": "help centre",
    },
    "lifecycle": {"stage": "production", "decommission_date": None},
}


def good(**places: Any) -> dict[str, Any]:
    """The good record with places set, named with two underscores for a dot; None takes a place away."""
    record = deepcopy(GOOD)
    for name, value in places.items():
        *around, last = [int(part) if part.isdigit() else part for part in name.split("__")]
        here: Any = record
        for part in around:
            here = here[part]
        if value is None:
            here.pop(last, None)
        else:
            here[last] = value
    return record
