"""What this room records."""

from ledger.events import event

ASKED = event("report.asked", "A person asked for a report.", verb="ask")
RENDERED = event("report.rendered", "A report was laid out; the record names the SHA-256 of the file.", verb="render")
DOWNLOADED = event("report.downloaded", "A person took a report out.", verb="download")
CANCELLED = event("report.cancelled", "A person stopped a report before it was finished.", verb="cancel")
