"""What this room records."""

from accounts.roles import STEWARDS, WRITERS, Role
from ledger.events import event

OPENED = event("soa.opened", "The statement was opened with a row for every control.", verb="open", roles=STEWARDS)
DECIDED = event(
    "soa.decided",
    "A person decided whether a control applies, and why (6.1.3).",
    verb="decide",
    roles=STEWARDS,
    binds=True,
)
AMENDED = event(
    "soa.amended", "What a row says about reason, implementation, owner or dates changed.", verb="amend", roles=WRITERS
)
REOPENED = event(
    "soa.exclusion_reopened",
    "Something came up after which an exclusion has to be decided again; it stays excluded until then.",
    verb="reopen",
)
RENEWED = event(
    "soa.exclusion_renewed",
    "A person looked at an exclusion again and decided that it still holds, until a date.",
    verb="renew",
    roles=STEWARDS,
    binds=True,
)
UNDONE = event("soa.undone", "A person took their own last change of a row back.", verb="undo", roles=WRITERS)
SYSTEM_DECIDED = event(
    "soa.system_decided",
    "A control was decided or described for one AI system, apart from the others.",
    verb="decide per system",
    roles=STEWARDS,
)
OWN_CONTROL = event("soa.own_control_added", "The organisation added a control of its own.", verb="add", roles=STEWARDS)
IMPORTED = event("soa.imported", "Rows of a spreadsheet were taken into the statement.", verb="import", roles=STEWARDS)
EFFECT = event(
    "soa.effectiveness_recorded",
    "A test or a finding told whether a control works (9.2).",
    verb="record effect",
    roles={Role.AUDITOR},
)
SUBMITTED = event(
    "version.submitted",
    "The whole statement was frozen and put before an approver.",
    verb="submit",
    roles=STEWARDS,
    binds=True,
)
RETURNED = event(
    "version.returned",
    "A submitted version went back with a reason.",
    verb="return",
    roles={Role.APPROVER, Role.ADMINISTRATOR, Role.OFFICER},
)
APPROVED = event(
    "version.approved",
    "An approver who wrote none of it approved the version by its digest.",
    verb="approve",
    roles={Role.APPROVER},
    binds=True,
    steps_up=True,
)
SUPERSEDED = event(
    "version.superseded",
    "A version ended because the next one was approved.",
    verb="supersede",
    roles={Role.APPROVER},
)
CHANGES = frozenset(kind.name for kind in (DECIDED, RENEWED, AMENDED, UNDONE, SYSTEM_DECIDED, OWN_CONTROL, IMPORTED))
