"""What this room records."""

from accounts.roles import STEWARDS, Role
from ledger.events import event
from systems.permissions import HANDS

DECIDERS = STEWARDS | {Role.APPROVER}

OPENED = event(
    "change.opened",
    "A change record was opened: by hand before the change, or by a material edit of a system beyond design.",
    verb="open",
    roles=HANDS,
)
GATHERED = event(
    "change.gathered",
    "A further material edit joined a change that nobody had decided on; what it demands anew is open again.",
    verb="gather",
    roles=HANDS,
)
DESCRIBED = event("change.described", "The words of a change record changed.", verb="describe", roles=HANDS)
EMERGENCY = event(
    "change.emergency_declared",
    "A change was said to have taken effect before approval, why it could not wait, and by when it is to be approved.",
    verb="declare",
    roles=HANDS,
)
MET = event("demand.met", "A demand of a change was met, or its result told and failed.", verb="meet", roles=HANDS)
WAIVED = event("demand.waived", "A person said why a demand of a change does not apply.", verb="waive", roles=HANDS)
REOPENED = event("demand.reopened", "A demand that was met is open again, because of a later edit.", verb="reopen",
                 roles=HANDS)  # fmt: skip
SAID = event(
    "touched.said", "The owner said whether a change touches a thing, and why not where it does not.", verb="say",
    roles=HANDS,
)  # fmt: skip
APPROVED = event(
    "change.approved",
    "A change was approved by a person who had no hand in it; everything it demanded was met.",
    verb="approve",
    roles=DECIDERS,
    binds=True,
    steps_up=True,
)
REFUSED = event(
    "change.refused",
    "A change was refused by a person who had no hand in it, with the reason.",
    verb="refuse",
    roles=DECIDERS,
    binds=True,
    steps_up=True,
)
WITHDRAWN = event("change.withdrawn", "A change was withdrawn before it was decided.", verb="withdraw", roles=HANDS)
TOOK_EFFECT = event("change.took_effect", "An approved change took effect.", verb="put into effect", roles=HANDS)

# What makes somebody a hand in a change, who then may not decide on it.
AUTHORING = frozenset(kind.name for kind in (OPENED, GATHERED, DESCRIBED, EMERGENCY, MET, WAIVED, TOOK_EFFECT))
