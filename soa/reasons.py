"""Reason codes: which there are for a decision, and what each may point at."""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from soa.models import EXCLUDE_REASONS, INCLUDE_REASONS, Applicability, Reason

POINTS_AT: Mapping[Reason, str] = {
    Reason.RISK: "risk",
    Reason.IMPACT: "assessment",
    Reason.LAW: "obligation",
    Reason.CONTRACT: "obligation",
    Reason.PARTY: "obligation",
    Reason.OBJECTIVE: "obligation",
    Reason.NOT_NECESSARY: "risk",
    Reason.EXEMPT: "obligation",
}
KIND_OF: Mapping[Reason, str] = {
    Reason.LAW: "law",
    Reason.CONTRACT: "contract",
    Reason.PARTY: "party",
    Reason.OBJECTIVE: "objective",
}


class Given(TypedDict):
    """A reason as a row keeps it: its code, and the reference it points at or nothing."""

    code: str
    ref: str


class UnknownReason(ValueError):
    """A reason code that is none of the vocabulary, or a reference of a kind it cannot point at."""


def reasons_for(applicability: str) -> tuple[Reason, ...]:
    """Return the codes that fit a decision; an undecided row may collect reasons to include."""
    return EXCLUDE_REASONS if applicability == Applicability.EXCLUDED else INCLUDE_REASONS


def parse(given: Iterable[str]) -> list[Given]:
    """Read `RT`, `RT risk:R-014` and the like into rows, in the vocabulary's order, each once.

    Raises UnknownReason, worded for its reader.
    """
    found: dict[tuple[str, str], Given] = {}
    for text in given:
        code, _space, ref = text.strip().partition(" ")
        if code not in Reason:
            raise UnknownReason(f"There is no reason {code}.")
        kind = POINTS_AT.get(Reason(code))
        if ref and ref.partition(":")[0] != kind:
            raise UnknownReason(f"{Reason(code).label} cannot point at {ref}.")
        found[code, ref] = {"code": code, "ref": ref.strip()}
    pointed = {code for code, ref in found if ref}
    order = list(Reason)
    kept = [row for (code, ref), row in found.items() if ref or code not in pointed]
    return sorted(kept, key=lambda row: (order.index(Reason(row["code"])), row["ref"]))


def fitting(rows: Iterable[Given], applicability: str) -> list[Given]:
    """Keep the reasons that fit the decision: turning a row over drops those of the other side."""
    allowed = reasons_for(applicability)
    return [row for row in rows if row["code"] in allowed]
