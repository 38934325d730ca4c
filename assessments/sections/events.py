"""What the sections of an assessment record."""

from accounts.roles import INSIDERS, WRITERS
from ledger.events import event

ANSWERED = event("answer.given", "A question of an impact assessment was answered.", verb="answer", roles=WRITERS)
COMMENTED = event("comment.made", "Somebody remarked on a section of an assessment.", verb="comment", roles=INSIDERS)
SETTLED = event("comment.settled", "A remark on a section was settled.", verb="settle", roles=INSIDERS)
CO_AUTHOR_NAMED = event(
    "co_author.named", "Somebody was named to write an assessment beside its author.", verb="name", roles=WRITERS
)
CO_AUTHOR_WITHDRAWN = event(
    "co_author.withdrawn", "Somebody no longer writes an assessment beside its author.", verb="withdraw", roles=WRITERS
)
