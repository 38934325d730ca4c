"""The bands of the 5x5 matrix, as the body froze them."""

from typing import Any

ORDER = ("low", "moderate", "high", "severe")
DEFAULT = {"low": [1, 4], "moderate": [5, 9], "high": [10, 14], "severe": [15, 25]}


class Bands:
    """The criteria that a report's scores are judged by; a missing rule is the shipped one."""

    def __init__(self, criteria: dict[str, Any] | None) -> None:
        criteria = criteria or {}
        self.number = criteria.get("number")
        self.ranges: dict[str, list[int]] = criteria.get("bands") or DEFAULT
        self.floor: str = criteria.get("severity_five_at_least") or "high"
        self.acceptance: dict[str, str] = {
            str(key).lower(): str(text) for key, text in (criteria.get("acceptance") or {}).items()
        }

    def of(self, likelihood: int, severity: int) -> str:
        """Return the band's code; severity 5 never falls below its floor."""
        score = likelihood * severity
        found = next((name for name, (low, high) in self.ranges.items() if low <= score <= high), ORDER[-1])
        floor = self.floor if severity == 5 else ORDER[0]
        return max(found, floor, key=_rank)


def _rank(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def shade(name: str) -> int:
    """Return 1 to 4, as the sheet's `data-band` has it."""
    return min(_rank(name), 3) + 1
