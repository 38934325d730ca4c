"""What this room records."""

from accounts.roles import STEWARDS
from ledger.events import event
from systems.permissions import HANDS

REGISTERED = event("system.registered", "An AI system entered the registry.", verb="register", roles=STEWARDS)
EDITED = event("system.edited", "The facts of an AI system changed.", verb="edit", roles=HANDS)
SCOPE_SAID = event("system.scope_said", "Someone said whether an AI system is in scope.", verb="say", roles=STEWARDS)
MOVED = event("system.moved", "An AI system moved to another life-cycle stage.", verb="move", roles=HANDS)
RETIRED = event("system.retired", "An AI system was retired.", verb="retire", roles=HANDS)
ASKED = event("system.move_asked", "Someone asked to move an AI system to another stage.", verb="ask", roles=HANDS)
SIGNED = event(
    "system.move_signed",
    "A person with the authority signed a move of an AI system into deployment or operation.",
    verb="sign",
    roles=HANDS,
    binds=True,
    steps_up=True,
)
REFUSED = event(
    "system.move_refused",
    "A move of an AI system was refused or deferred, with the reason.",
    verb="refuse",
    roles=HANDS,
)
WITHDRAWN = event("system.move_withdrawn", "A move of an AI system was taken back.", verb="withdraw", roles=HANDS)
MET = event("system.condition_met", "A condition of a move was said to be met.", verb="meet", roles=HANDS)
ADVISED = event("system.advised", "The data protection officer advised about an AI system.", verb="advise", roles=HANDS)
RULED = event(
    "gate.ruled", "Who has to agree at a gate, or for a control, changed.", verb="rule", roles=STEWARDS, steps_up=True
)
NAMED = event(
    "function.named", "A person was named to a function, such as data protection officer.", verb="name", roles=STEWARDS,
    steps_up=True,
)  # fmt: skip
ENDED = event("function.ended", "A person no longer holds a function.", verb="end", roles=STEWARDS)
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
