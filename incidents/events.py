"""What this room records."""

from accounts.roles import INSIDERS, STEWARDS
from ledger.events import event
from systems.permissions import HANDS

REPORTED = event("incident.reported", "An incident of an AI system was reported.", verb="report", roles=INSIDERS)
EDITED = event("incident.edited", "What is said of an incident changed.", verb="edit", roles=HANDS)
TRIAGED = event("incident.triaged", "Somebody said how severe an incident is.", verb="triage", roles=HANDS)
CONTAINED = event("incident.contained", "An incident was contained.", verb="contain", roles=HANDS)
RESOLVED = event("incident.resolved", "The cause of an incident is known and put right.", verb="resolve", roles=HANDS)
CLOSED = event(
    "incident.closed",
    "Somebody who did not correct it closed an incident (10.2).",
    verb="close",
    roles=HANDS,
    binds=True,
)
REOPENED = event("incident.reopened", "An incident was opened again.", verb="reopen", roles=HANDS)
MEANS_TAKEN = event("containment.taken", "Something was done to keep harm from going on.", verb="contain", roles=HANDS)
NOTED = event("incident-note.written", "Somebody wrote on an incident's timeline.", verb="note", roles=INSIDERS)
LINKED = event("incident-link.made", "An incident was said to bear on a requirement.", verb="link", roles=HANDS)
UNLINKED = event("incident-link.ended", "An incident no longer bears on a requirement.", verb="unlink", roles=HANDS)
PLANNED = event("incident-action.planned", "A corrective action was planned (10.2).", verb="plan", roles=HANDS)
REPLANNED = event("incident-action.edited", "A corrective action changed.", verb="edit", roles=HANDS)
DONE = event("incident-action.done", "A corrective action was done.", verb="do", roles=HANDS)
DROPPED = event("incident-action.withdrawn", "A corrective action was withdrawn.", verb="withdraw", roles=HANDS)
FELL_DUE = event(
    "notification.reckoned", "The facts of an incident made a duty to notify, moved or ended it.", verb="reckon"
)
SENT = event("notification.sent", "An incident was notified to whom it is owed.", verb="send", roles=HANDS)
NOT_DUE = event(
    "notification.not_due", "Somebody said why an incident need not be notified.", verb="decide", roles=HANDS
)
DUTY_ADDED = event("notification-duty.added", "The organisation took on a duty to notify.", verb="add", roles=STEWARDS)
DUTY_WITHDRAWN = event(
    "notification-duty.withdrawn", "A duty to notify of the organisation's own ended.", verb="withdraw", roles=STEWARDS
)
RUNBOOK_WRITTEN = event("runbook.written", "A runbook was written.", verb="write", roles=STEWARDS)
RUNBOOK_EDITED = event("runbook.edited", "A runbook changed.", verb="edit", roles=STEWARDS)
DRILLED = event("drill.held", "A runbook was tried.", verb="drill", roles=STEWARDS)
