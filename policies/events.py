"""What this room records."""

from accounts.roles import STEWARDS
from ledger.events import event

SHIPPED = event(
    "policy.shipped",
    "A shipped policy was loaded, or its new text took the place of the old.",
    verb="load",
    roles=STEWARDS,
)
WRITTEN = event("policy.written", "A policy of the organisation's own was added.", verb="write", roles=STEWARDS)
REVISED = event("policy.revised", "The text of a policy was replaced by a new version.", verb="revise", roles=STEWARDS)
SWITCHED = event(
    "policy.switched", "A policy was switched off, or on again, with a reason.", verb="switch", roles=STEWARDS
)
