"""More of an AIMS: who stands in, who is let in from outside, views of lists, sign-in, and what scanners said."""

from datetime import timedelta

from accounts import clock
from accounts.actor import Actor
from aims.actions import begin_with, name_deputy, save_view
from aims.actions import share as share_with
from aims.actions.deputy import end_deputy
from aims.models import Membership
from controls.models import Requirement
from evidence.actions.examine import note_scan, note_words
from evidence.actions.review import confirm_review, draft_review
from evidence.models import Evidence, EvidenceVersion, File, Verdict
from evidence.review.findings import Finding
from evidence.review.judge import Draft
from evidence.review.reading import Proposal
from signon.actions import OidcSetup, add_provider, set_rule, set_up_oidc
from signon.models import Attempt, How, Identity, Protocol, Provider, Purpose, Rule
from tests.matrix.afterwards import Says
from tests.matrix.tenant import HEIR, Tenant


def people_and_doors(tenant: Tenant, says: Says, times: int) -> None:
    """What stands beside the story."""
    _views(tenant, says)
    _deputies(tenant, says)
    _shares(tenant)
    _reviews(tenant, says, times)
    for _turn in range(times):
        _provider(tenant, says)
    _looked_at(tenant.author, says)


def _views(tenant: Tenant, says: Says) -> None:
    kept = save_view("evidence:list", says("view"), "q=walk", is_shared=True, actor=tenant.author)
    begin_with(kept, actor=tenant.author)


def _deputies(tenant: Tenant, says: Says) -> None:
    """One who stands in for the reviewer, one whose time was ended."""
    role = Membership.objects.get(user=tenant.people["reviewer"], deputises__isnull=True)
    days = {"valid_from": clock.now(), "valid_until": clock.now() + timedelta(days=60)}
    gone = name_deputy(role, tenant.people["auditor"], actor=tenant.author, **days)
    end_deputy(gone, reason=says("back again"), seen=gone.version, actor=tenant.author)
    name_deputy(role, tenant.people[HEIR], actor=tenant.author, **days)


def _shares(tenant: Tenant) -> None:
    seat = Membership.objects.get(user=tenant.people["certifier"], role="certifier")
    share_with(seat, Evidence.objects.live().filter(versions__isnull=False).order_by("-pk")[0].ref, actor=tenant.author)


def _provider(tenant: Tenant, says: Says) -> None:
    """A provider, a rule that asks for none, somebody it lets in and a trip that began."""
    host = f"https://id.{tenant.word}.example.org".lower()
    row = add_provider(says("provider"), protocol=Protocol.OIDC, actor=tenant.author)
    setup = OidcSetup(says("provider"), host, says("client"), says("secret"), [f"{tenant.word}.example.org".lower()])
    row = set_up_oidc(row, setup, seen=row.version, actor=tenant.author)
    if not Rule.objects.exists():
        set_rule(is_required=False, seen=0, actor=tenant.author)
    linked = {"provider": row, "user": tenant.people["owner"], "issuer": host, "subject": says("subject")}
    Identity(aims=tenant.aims, how=How.PERSON, **linked).save()
    _trip(tenant, row, says)


def _trip(tenant: Tenant, row: Provider, says: Says) -> None:
    begun = {"nonce": says("nonce"), "verifier": says("verifier"), "next_url": f"/{says('next')}"}
    known = {"digest": f"{tenant.word}{row.pk}", "request_id": says("request"), "said": {"name": says("name")}}
    expires = clock.now() + timedelta(minutes=9)
    Attempt(aims=tenant.aims, provider=row, purpose=Purpose.ENTER, expires_at=expires, **begun, **known).save()


def _looked_at(author: Actor, says: Says) -> None:
    """What a scanner said of the files, and the words in them."""
    first, last = File.objects.order_by("pk")[0], File.objects.order_by("-pk")[0]
    about = {"engine": says("engine"), "actor": author}
    note_scan(first.sha256, first.size, Verdict.NOT_SCANNED, why=says("why"), **about)
    note_scan(last.sha256, last.size, Verdict.FOUND, found=says("found"), **about)
    note_scan(last.sha256, last.size, Verdict.CLEAN, **about)
    note_words(first.sha256, says("text of the file"), pages=1, why="")
    note_words(last.sha256, "", pages=0, why=says("no text"))


def _reviews(tenant: Tenant, says: Says, times: int) -> None:
    """Drafts of a reader, and one that a person confirmed."""
    versions = EvidenceVersion.objects.filter(evidence__withdrawn_at__isnull=True).order_by("pk")
    for code in ("A.2.2", "A.6.2.4", "A.7.4")[: times + 1]:
        control = Requirement.objects.get(code=code)
        for version in versions[:2]:
            said = (Finding(says("strong"), says("words")),), (Finding(says("missing")),)
            draft = Draft(code, 3, {says("dimension"): 3}, *said, 0.6, says("method"), "1")
            names = [says(name) for name in ("method", "provider", "model", "prompt", "note")]
            row = draft_review(version, control, Proposal(draft, *names), actor=tenant.author)
    assert row is not None
    confirm_review(row, score=2, reason=says("weaker"), seen=row.version, actor=tenant.actor("reviewer"))
