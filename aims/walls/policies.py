"""Who sees which rows on PostgreSQL: tables of tenants are walled, and each exception stands here with its reason."""

from dataclasses import dataclass
from typing import Final

from aims.walls.references import AIMS, Tenant

TOLD: Final = {
    "assay_aims": ("bigint", "SELECT nullif(current_setting('app.aims', true), '')::bigint"),
    "assay_person": ("bigint", "SELECT nullif(current_setting('app.person', true), '')::bigint"),
    "assay_whole": ("boolean", "SELECT coalesce(current_setting('app.whole', true), '') = 'on'"),
}
"""Functions that policies ask, as sub-selects: once a statement and not once a row."""

OUTSIDE: Final = {
    "accounts.Token": "a token is found before anybody knows whose it is",
    "jobs.Job": "workers and the sweeper take what is due, whoever asked for it",
    "jobs.Delivery": "the ticker sends what is due, whoever wrote it",
}
"""Tables without row-level security."""

READABLE: Final = {
    "ledger.Log": "the ticker finds the logs to sign, verification and backup go through all; heads hold no text",
    "ledger.Waiting": "the sealer finds the logs that grew; a row is two numbers",
}
"""Tables of which every AIMS's rows can be read, and only one's own be written."""

PERSONAL: Final = {"aims.Membership": "user_id"}
"""Tables of which a person sees the rows about themselves: who they are where is asked before there is an AIMS."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Rows that `verb` (SELECT or ALL) may touch; `is_owners` for the tables' owner only."""

    name: str
    verb: str
    rows: str
    is_owners: bool = False


def is_walled(tenant: Tenant) -> bool:
    """Whether row-level security holds a table."""
    return tenant.label not in OUTSIDE


def policies(tenant: Tenant) -> list[Policy]:
    """Return who sees and writes what of a walled table; whatever no policy lets through is not there.

    Rows of no AIMS, such as the shipped catalogue, are read by all and written outside any AIMS only. The owner, whom
    FORCE binds too, sees everything once it says `app.whole`: migrations and backups do.
    """
    found = [
        Policy("assay_own", "ALL", f"{AIMS} = {_asked('assay_aims')}"),
        Policy("assay_whole", "ALL", _asked("assay_whole"), is_owners=True),
    ]
    if tenant.is_null and not tenant.is_history:
        found.append(Policy("assay_shared", "SELECT", f"{AIMS} IS NULL"))
        found.append(Policy("assay_catalogue", "ALL", f"{AIMS} IS NULL AND {_asked('assay_aims')} IS NULL"))
    if tenant.label in READABLE:
        found.append(Policy("assay_heads", "SELECT", "true"))
    if column := PERSONAL.get(tenant.label):
        found.append(Policy("assay_person", "SELECT", f"{column} = {_asked('assay_person')}"))
    return found


def _asked(function: str) -> str:
    return f"(SELECT {function}() AS {function})"
