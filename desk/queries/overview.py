"""The overview: everything the first page of an AIMS says, in a fixed number of queries."""

from dataclasses import dataclass

from accounts import clock
from accounts.models import User
from aims.models import Aims
from assessments.queries import Residual, residual_matrix
from audits.queries import Cycle, CycleDate, cycle
from desk.queries.flagged import Flags, flags_shown
from desk.queries.lede import headline, next_audit, sentences
from desk.queries.proof import Proof, proof_of
from desk.queries.readiness import Readiness, readiness_of
from desk.queries.recent import Recent, newest_records
from desk.queries.steps import Step, first_steps
from desk.queries.tasks import MyTasks, my_tasks
from soa.checks import flags_of
from soa.queries.rows import read_sheet

TASKS = 5
ALL_TASKS = 200


@dataclass(frozen=True, slots=True)
class Overview:
    """One page; `audit` is the next audit, `steps` is empty once the organisation is under way."""

    headline: str
    audit: CycleDate | None
    sentences: tuple[str, ...]
    has_statement: bool
    cycle: Cycle
    readiness: Readiness
    flags: Flags
    residual: Residual
    proof: Proof
    tasks: MyTasks
    steps: tuple[Step, ...]
    records: tuple[Recent, ...]


def overview_of(aims: Aims, user: User, *, all_tasks: bool = False) -> Overview:
    """Read the AIMS in context as it stands today, where the organisation is."""
    today = clock.today(aims.time_zone)
    sheet = read_sheet(aims)
    ready, flags = readiness_of(sheet.rows), flags_shown(sheet, flags_of(sheet))
    dates = cycle(today)
    audit = next_audit(dates)
    return Overview(
        headline=headline(audit),
        audit=audit,
        sentences=sentences(sheet.rows, flags, ready),
        has_statement=bool(sheet.rows),
        cycle=dates,
        readiness=ready,
        flags=flags,
        residual=residual_matrix(),
        proof=proof_of(today),
        tasks=my_tasks(user, today=today, limit=ALL_TASKS if all_tasks else TASKS),
        steps=first_steps(sheet),
        records=newest_records(aims),
    )
