"""What this room records."""

from accounts.roles import WRITERS
from evidence.roles import REVIEWERS
from ledger.events import event

GIVEN = event("evidence.given", "Evidence was given, with its first version.", verb="give", roles=WRITERS)
EXPECTED = event("evidence.expected", "Evidence was named that is still to be given.", verb="expect", roles=WRITERS)
RENEWED = event("evidence.renewed", "A new version followed the older ones.", verb="renew", roles=WRITERS)
EDITED = event("evidence.edited", "Title, kind or owner of evidence changed.", verb="edit", roles=WRITERS)
LINKED = event("evidence.linked", "Evidence was linked to what it serves.", verb="link", roles=WRITERS)
UNLINKED = event("evidence.unlinked", "A link of evidence was withdrawn.", verb="unlink", roles=WRITERS)
WITHDRAWN = event("evidence.withdrawn", "Evidence was withdrawn; its versions stay.", verb="withdraw", roles=WRITERS)
QUARANTINED = event(
    "evidence.quarantined", "A scanner found something in a file; it is not handed out any more.", verb="quarantine"
)
DRAFTED = event("review.drafted", "A reader drafted a review of a version for a control.", verb="draft")
REVIEWED = event(
    "review.confirmed",
    "A person confirmed a review of evidence, or gave it another score with a reason.",
    verb="review",
    roles=REVIEWERS,
)
RELEASED = event(
    "evidence.released", "A scanner found nothing any more in a file that was quarantined.", verb="release"
)
SUGGESTED = event(
    "suggestion.made", "The matcher suggested what a version may serve; nothing is linked by it.", verb="suggest"
)
ACCEPTED = event(
    "suggestion.accepted", "A person accepted a suggestion; the link is theirs.", verb="accept", roles=WRITERS
)
REFUSED = event("suggestion.refused", "A person refused a suggestion.", verb="refuse", roles=WRITERS)
FAILED = event(
    "integrity.failed",
    "Stored files were found altered or missing, or others than before; the record names them.",
    verb="fail",
)
RESTORED = event("integrity.restored", "Every stored file was found as it was given, after some were not.", verb="pass")
