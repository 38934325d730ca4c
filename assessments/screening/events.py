"""What screenings record."""

from accounts.roles import STEWARDS, WRITERS, Role
from ledger.events import event

SIGNERS = frozenset({Role.OFFICER, Role.APPROVER})
BEGUN = event("screening.begun", "A screening of an AI system was begun.", verb="begin", roles=WRITERS)
ANSWERED = event("screening.answered", "The answers of a screening changed.", verb="answer", roles=WRITERS)
CONCLUDED = event(
    "screening.concluded",
    "A screening said whether an impact assessment is due, and why.",
    verb="conclude",
    roles=WRITERS,
)
SIGNED = event(
    "screening.signed",
    "Somebody who did not answer it signed that no impact assessment is due; it comes back for review.",
    verb="sign",
    roles=SIGNERS,
    binds=True,
    steps_up=True,
)
RETURNED = event(
    "screening.returned",
    "A screening was sent back with a reason.",
    verb="return",
    roles=STEWARDS | {Role.APPROVER, Role.REVIEWER},
)
SUPERSEDED = event(
    "screening.superseded", "A later screening took its place.", verb="supersede", roles=WRITERS | SIGNERS
)

# What makes somebody an author, who then may not sign.
ANSWERING = frozenset({BEGUN.name, ANSWERED.name, CONCLUDED.name})
