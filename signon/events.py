"""What this room records; secrets and subjects never enter the chain in the clear."""

from accounts.roles import Role
from ledger.events import event

KEEPERS = frozenset({Role.ADMINISTRATOR})
CONFIGURED = event(
    "provider.configured", "An identity provider was added or changed.", verb="configure", roles=KEEPERS, steps_up=True
)
WITHDRAWN = event(
    "provider.withdrawn", "An identity provider lets nobody in any more.", verb="withdraw", roles=KEEPERS, steps_up=True
)
RULED = event(
    "signin.ruled",
    "Single sign-on was made the only way in, or one of several.",
    verb="rule",
    roles=KEEPERS,
    steps_up=True,
)
LINKED = event("identity.linked", "A person was linked to whom an identity provider names.", verb="link")
UNLINKED = event("identity.unlinked", "A person's link to an identity provider was cut.", verb="unlink")
BYPASSED = event(
    "signin.bypassed",
    "An administrator came in by password although single sign-on is required.",
    verb="bypass",
    roles=KEEPERS,
)
