"""What reasons can point at, by reference: risks, assessments and obligations, in three queries."""

from dataclasses import dataclass
from datetime import datetime

from aims.queries import obligations
from assessments.queries import assessment_targets, risk_targets


@dataclass(frozen=True, slots=True)
class ReasonTarget:
    """Something a reason code can name; `kind` is the part before the colon, `sort` what kind of obligation."""

    ref: str
    code: str
    title: str
    kind: str
    sort: str = ""

    @property
    def label(self) -> str:
        """Its code and title."""
        return f"{self.code} {self.title}"


def reason_targets(at: datetime | None = None) -> dict[str, ReasonTarget]:
    """Return every target by its reference, now or as it stood at an instant."""
    rows = [ReasonTarget(row.ref, row.code, row.title, "risk") for row in risk_targets(at)]
    rows += [ReasonTarget(row.ref, row.code, row.title, "assessment") for row in assessment_targets(at)]
    rows += [ReasonTarget(row.ref, row.code, row.title, "obligation", row.kind) for row in obligations(at)]
    return {row.ref: row for row in rows}
