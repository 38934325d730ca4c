"""What this room records."""

from accounts.roles import STEWARDS
from ledger.events import event

FOUNDED = event("aims.founded", "An organisation began its AIMS here.", verb="found")
DESCRIBED = event("aims.described", "The organisation's own description changed.", verb="describe", roles=STEWARDS)
SCOPED = event("scope.stated", "A new version of the scope statement was made (4.3).", verb="state", roles=STEWARDS)
OBLIGED = event("obligation.recorded", "An obligation was recorded or changed (4.2).", verb="record", roles=STEWARDS)
JUDGED_BY = event("criteria.set", "A version of the judgement criteria was set (6.1.2).", verb="set", roles=STEWARDS)
GRANTED = event("membership.granted", "A role was granted to a person (5.3).", verb="grant", roles=STEWARDS)
REVOKED = event("membership.revoked", "A role was taken back (5.3).", verb="revoke", roles=STEWARDS)
INVITED = event("person.invited", "A person was invited by e-mail.", verb="invite", roles=STEWARDS)
REMOVED = event("aims.removed", "An AIMS was taken out of sight; its chain stays.", verb="remove", roles=STEWARDS)
JOINED = event("person.joined", "A person accepted their invitation.", verb="accept")
TOKEN_ISSUED = event("token.issued", "A token for machines was issued.", verb="issue", steps_up=True)
TOKEN_REVOKED = event("token.revoked", "A token for machines was revoked.", verb="revoke")
WITHDRAWN = event("obligation.withdrawn", "An obligation no longer holds (4.2).", verb="withdraw", roles=STEWARDS)
DATED = event("membership.dated", "A seat of the certification body got another last day.", verb="date", roles=STEWARDS)
SHARED = event(
    "share.made", "Something was shared with a seat of the certification body.", verb="share", roles=STEWARDS
)
UNSHARED = event("share.withdrawn", "Something is no longer shared with a seat.", verb="unshare", roles=STEWARDS)
DEPUTISED = event("membership.deputised", "A person named a deputy for a role of theirs (5.3).", verb="name deputy")
DEPUTY_ENDED = event("membership.deputy_ended", "A deputy's authority ended before its date.", verb="end deputy")
GRANTS = frozenset({GRANTED.name, DEPUTISED.name})
REVOKES = frozenset({REVOKED.name, DEPUTY_ENDED.name})
