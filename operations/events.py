"""What this room records: what was declared, decided and found. Readings are no acts and leave no record."""

from accounts.roles import STEWARDS, WRITERS
from ledger.events import event
from systems.permissions import HANDS

DECLARED = event("signal.declared", "A signal of an AI system was declared.", verb="declare", roles=HANDS)
LIMITS_SET = event("signal.limits_set", "A person set what a signal must keep.", verb="set limits", roles=HANDS)
REFERENCE_SET = event(
    "signal.reference_set", "A person gave the samples a signal is compared with.", verb="set reference", roles=HANDS
)
THINNED = event("signal.thinned", "Old readings of a signal were replaced by one a day.", verb="thin", roles=STEWARDS)
CROSSED = event("crossing.opened", "Readings of a signal went past its limit.", verb="find", roles=WRITERS | HANDS)
ANSWERED = event("crossing.answered", "A person answered for a signal past its limit.", verb="answer", roles=HANDS)
BACK = event("crossing.ended", "Readings of a signal are within its limits again.", verb="find", roles=WRITERS | HANDS)
EVALUATED = event(
    "evaluation.recorded", "A run of a benchmark against an AI system was recorded.", verb="evaluate", roles=HANDS
)
EVALUATION_WITHDRAWN = event(
    "evaluation.withdrawn", "An evaluation was withdrawn and counts no more.", verb="withdraw", roles=HANDS
)
BENCHMARK_DECLARED = event(
    "benchmark.declared",
    "A benchmark that an AI system must pass was declared or changed.",
    verb="declare",
    roles=HANDS,
)
BENCHMARK_WITHDRAWN = event(
    "benchmark.withdrawn", "A benchmark is no longer asked of an AI system.", verb="withdraw", roles=HANDS
)
