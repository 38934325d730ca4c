"""What needs a requirement, as rows of any room, so that one query reads them all."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Value


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that needs a requirement; `code` bears the edition where there is one."""

    requirement_id: int
    kind: str
    code: str
    label: str


def needs(rows: Any, kind: str, *, code: str, label: str, edition: str = "") -> Any:
    """Return the rows of a query as columns that those of other rooms share, to be given to `read`."""
    edition_: Any = F(edition) if edition else Value("")
    return rows.order_by().values_list("requirement_id", Value(kind), F(code), edition_, F(label))


def read(*questions: Any) -> list[Need]:
    """Return what all of them find, each thing once, in the order of the questions and by code; one query."""
    first, *rest = [question.annotate(place=Value(place)) for place, question in enumerate(questions)]
    found = sorted(first.union(*rest), key=lambda row: (row[5], row[2], row[3]))
    return [
        Need(requirement, kind, f"{code}@{edition}" if edition else code, label)
        for requirement, kind, code, edition, label, _place in found
    ]
