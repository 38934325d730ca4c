"""What this room records: what a person decided about work and mail that could not end by itself."""

from accounts.roles import Role
from ledger.events import event

KEEPERS = frozenset({Role.ADMINISTRATOR})
RETRIED = event("job.retried", "Work that had failed was begun again.", verb="retry", roles=KEEPERS)
GIVEN_UP = event("job.given_up", "Work that was not done was given up.", verb="give up", roles=KEEPERS)
MAIL_SETTLED = event(
    "mail.settled",
    "A mail that was refused or cut off was settled: it arrived, it is sent again, or it was given up.",
    verb="settle",
    roles=KEEPERS,
)
