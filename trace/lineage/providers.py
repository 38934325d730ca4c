"""The providers of the rooms before this one; rooms after it register theirs with `trace.ports.tells_lineage`."""

from trace.lineage.chain import CHAIN
from trace.lineage.changes import CHANGES
from trace.lineage.incidents import INCIDENTS
from trace.lineage.judgement import JUDGEMENT
from trace.lineage.policies import POLICIES
from trace.lineage.proof import PROOF
from trace.lineage.screening import SCREENING
from trace.lineage.standing import CYCLE, REQUIREMENTS, STANDING
from trace.lineage.statement import STATEMENT
from trace.lineage.systems import SYSTEMS
from trace.lineage.versions import VERSIONS
from trace.ports import tells_lineage

DEFAULTS = (
    STANDING,
    REQUIREMENTS,
    SYSTEMS,
    INCIDENTS,
    CHANGES,
    POLICIES,
    JUDGEMENT,
    SCREENING,
    PROOF,
    STATEMENT,
    VERSIONS,
    CYCLE,
    CHAIN,
)


def register_defaults() -> None:
    """Register them; called from `AppConfig.ready`."""
    for provider in DEFAULTS:
        tells_lineage(provider)
