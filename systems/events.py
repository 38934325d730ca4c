"""What this room records."""

from accounts.roles import STEWARDS
from ledger.events import event
from systems.permissions import HANDS

REGISTERED = event("system.registered", "An AI system entered the registry.", verb="register", roles=STEWARDS)
EDITED = event("system.edited", "The facts of an AI system changed.", verb="edit", roles=HANDS)
SCOPE_SAID = event("system.scope_said", "Someone said whether an AI system is in scope.", verb="say", roles=STEWARDS)
MOVED = event("system.moved", "An AI system moved to another life-cycle stage.", verb="move", roles=HANDS)
RETIRED = event("system.retired", "An AI system was retired.", verb="retire", roles=HANDS)
RELIED_ON = event("system.relied_on", "An AI system was said to rely on a requirement.", verb="rely", roles=HANDS)
LET_GO = event("system.let_go", "An AI system no longer relies on a requirement.", verb="let go", roles=HANDS)
JUDGED = event(
    "system.judged", "AI systems were judged by policies; the record names the counts and a digest.", verb="judge"
)
FILE_KEPT = event(
    "system.file_kept", "The file of an AI system was kept anew, moved or back.", verb="sync", roles=HANDS
)
FILE_GONE = event("system.file_gone", "The file of an AI system is gone from its folder.", verb="sync", roles=HANDS)
STATED = event(
    "system.completeness_stated",
    "A person stated that the registry holds all AI systems of a unit.",
    verb="state",
    roles=STEWARDS,
)
STATEMENT_WITHDRAWN = event(
    "system.completeness_withdrawn",
    "A statement that the registry is complete was taken back.",
    verb="withdraw",
    roles=STEWARDS,
)
