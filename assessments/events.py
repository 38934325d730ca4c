"""What this room records."""

from accounts.roles import INSIDERS, STEWARDS, WRITERS, Role
from assessments.screening import events as screening
from assessments.sections.events import ANSWERED as QUESTION_ANSWERED
from ledger.events import event

__all__ = ["screening"]

STARTED = event("assessment.started", "An impact assessment was begun (6.1.4).", verb="start", roles=WRITERS)
EDITION = event(
    "assessment.edition_started", "A new edition was begun from the one in force.", verb="revise", roles=WRITERS
)
EDITED = event("assessment.edited", "The texts of an impact assessment changed.", verb="edit", roles=WRITERS)
PARTY_ADDED = event("party.added", "An affected party was named (A.5.4, A.5.5).", verb="add", roles=WRITERS)
PARTY_EDITED = event("party.edited", "What is said of an affected party changed.", verb="edit", roles=WRITERS)
PARTY_WITHDRAWN = event("party.withdrawn", "An affected party was taken out.", verb="withdraw", roles=WRITERS)
IMPACT_ADDED = event("impact.added", "An impact was named.", verb="add", roles=WRITERS)
IMPACT_EDITED = event("impact.edited", "An impact's words or scores changed.", verb="edit", roles=WRITERS)
IMPACT_WITHDRAWN = event("impact.withdrawn", "An impact was taken out.", verb="withdraw", roles=WRITERS)
MEASURE_ADDED = event("measure.added", "A measure against an impact was named.", verb="add", roles=WRITERS)
MEASURE_EDITED = event("measure.edited", "A measure, its control or its state changed.", verb="edit", roles=WRITERS)
MEASURE_WITHDRAWN = event("measure.withdrawn", "A measure was taken out.", verb="withdraw", roles=WRITERS)
SUBMITTED = event("assessment.submitted", "An impact assessment was put up for decision.", verb="submit", roles=WRITERS)
RETURNED = event(
    "assessment.returned",
    "An impact assessment was sent back with a reason.",
    verb="return",
    roles=STEWARDS | {Role.APPROVER, Role.REVIEWER},
)
DECIDED = event(
    "assessment.decided",
    "An approver who did not write it decided on an impact assessment; its content was frozen.",
    verb="decide",
    roles={Role.APPROVER},
    binds=True,
    steps_up=True,
)
SUPERSEDED = event(
    "assessment.superseded", "A later edition took an assessment's place.", verb="supersede", roles={Role.APPROVER}
)

JUDGED_ANEW = event(
    "assessment.judged_anew", "An open assessment was put on the newest criteria.", verb="judge anew", roles=WRITERS
)

# What makes somebody an author, who then may not decide.
AUTHORING = frozenset(
    kind.name
    for kind in (
        STARTED,
        EDITION,
        EDITED,
        PARTY_ADDED,
        PARTY_EDITED,
        PARTY_WITHDRAWN,
        IMPACT_ADDED,
        IMPACT_EDITED,
        IMPACT_WITHDRAWN,
        MEASURE_ADDED,
        MEASURE_EDITED,
        MEASURE_WITHDRAWN,
        JUDGED_ANEW,
        SUBMITTED,
        QUESTION_ANSWERED,
    )
)

RISK_REGISTERED = event("risk.registered", "A risk was put on the register (6.1.2).", verb="register", roles=WRITERS)
RISK_EDITED = event("risk.edited", "A risk's words, scores or treatment plan changed.", verb="edit", roles=WRITERS)
TREATED = event("risk.treated", "A control was named as treating a risk (6.1.3).", verb="treat", roles=WRITERS)
UNTREATED = event("risk.treatment_withdrawn", "A control no longer treats a risk.", verb="withdraw", roles=WRITERS)
ACCEPTED = event(
    "risk.accepted",
    "What remains of a risk was accepted by someone who did not score it.",
    verb="accept",
    roles=WRITERS | {Role.APPROVER},
    binds=True,
    steps_up=True,
)
UNACCEPTED = event(
    "risk.acceptance_cleared", "The scores of an accepted risk changed, so it waits again.", verb="clear", roles=WRITERS
)
RISK_JUDGED_ANEW = event(
    "risk.judged_anew", "The scores of a risk were judged by the newest criteria.", verb="judge anew", roles=WRITERS
)
FED = event("risk.fed", "An impact of an assessment was named as feeding a risk.", verb="feed", roles=WRITERS)
UNFED = event("risk.feed_withdrawn", "An impact no longer feeds a risk.", verb="withdraw", roles=WRITERS)
VERIFIED = event(
    "risk.verified",
    "Somebody looked whether the treatment of a risk works, and on what grounds (8.3).",
    verb="verify",
    roles=STEWARDS | {Role.AUDITOR, Role.REVIEWER},
)
PLAN_SUBMITTED = event(
    "treatment_plan.submitted", "The treatment plan was put up for approval as it stood.", verb="submit", roles=STEWARDS
)
PLAN_RETURNED = event(
    "treatment_plan.returned",
    "The treatment plan was sent back with a reason.",
    verb="return",
    roles=STEWARDS | {Role.APPROVER},
)
PLAN_APPROVED = event(
    "treatment_plan.approved",
    "An approver who did not put it up approved the treatment plan; what remains was accepted with it.",
    verb="approve",
    roles={Role.APPROVER},
    binds=True,
    steps_up=True,
)
PLAN_SUPERSEDED = event(
    "treatment_plan.superseded",
    "A later treatment plan took this one's place.",
    verb="supersede",
    roles={Role.APPROVER},
)
RISK_WITHDRAWN = event("risk.withdrawn", "A risk was taken off the register.", verb="withdraw", roles=WRITERS)

# What writes the scores of a risk.
RATING = frozenset({RISK_REGISTERED.name, RISK_EDITED.name})

TRIGGERED = event(
    "trigger.opened",
    "Something happened that an assessment may not have judged; its owner is asked what it touches.",
    verb="open",
    roles=INSIDERS,
)
ANSWERED = event(
    "trigger.answered",
    "The owner of an assessment said what a trigger touches, or why it has no effect.",
    verb="answer",
    roles=WRITERS | {Role.APPROVER},
)
