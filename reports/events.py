"""What this room records."""

from accounts.roles import Role
from ledger.events import event

ASKED = event("report.asked", "A person asked for a report.", verb="ask")
RENDERED = event("report.rendered", "A report was laid out; the record names the SHA-256 of the file.", verb="render")
DOWNLOADED = event("report.downloaded", "A person took a report out.", verb="download")
CANCELLED = event("report.cancelled", "A person stopped a report before it was finished.", verb="cancel")
MADE = event(
    "certificate.made", "Assay made the certificate that signs reports; the record names its SHA-256.", verb="make"
)
REPLACED = event(
    "certificate.replaced",
    "The certificate that signs reports was replaced; the record names the new one's SHA-256.",
    verb="replace",
    roles=[Role.ADMINISTRATOR],
)
