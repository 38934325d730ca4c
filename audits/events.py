"""What this room records."""

from accounts.roles import STEWARDS
from audits.permissions import HANDS
from ledger.events import event

PLANNED = event("milestone.planned", "A date of the certification cycle was planned.", verb="plan", roles=STEWARDS)
EDITED = event("milestone.edited", "A date of the certification cycle changed.", verb="edit", roles=STEWARDS)
HELD = event("milestone.held", "A date of the certification cycle was kept.", verb="hold", roles=HANDS)
WITHDRAWN = event(
    "milestone.withdrawn", "A date of the certification cycle was withdrawn.", verb="withdraw", roles=STEWARDS
)
