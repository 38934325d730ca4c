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
    steps_up=True,
)

PLAN_DOWNLOADED = event("treatment_plan.downloaded", "A person took the PDF of a treatment plan out.", verb="download")

PACK_ASKED = event("pack.asked", "A person asked for a certification pack.", verb="ask", steps_up=True)
PACK_FROZEN = event(
    "pack.frozen",
    "What a pack hands over was settled: the record names its content digest and the signed report in it.",
    verb="freeze",
)
PACK_MADE = event(
    "pack.made", "A pack was written; the record names the SHA-256 of the file.", verb="publish", binds=True
)
PACK_DOWNLOADED = event("pack.downloaded", "A person took a pack out.", verb="download")
PACK_CANCELLED = event("pack.cancelled", "A person stopped a pack before it was finished.", verb="cancel")
