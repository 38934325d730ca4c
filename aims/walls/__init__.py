"""The walls between AIMS that the database keeps by itself, whatever the code above it forgets (trust.md section 3)."""

from aims.walls.keeping import install, missing, prepare
from aims.walls.references import Reference, Tenant, references, tenants
from aims.walls.rules import RowRule, keeps_rows
from aims.walls.strays import strays

__all__ = [
    "Reference",
    "RowRule",
    "Tenant",
    "install",
    "keeps_rows",
    "missing",
    "prepare",
    "references",
    "strays",
    "tenants",
]
