"""What addresses of people name: roles, deputies, seats and what is shared, tokens, views, identity providers."""

from datetime import timedelta

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.models import Token
from aims.models import Invitation, Membership, SavedView, Share
from audits.models import Milestone
from evidence.models import Evidence
from signon.models import Identity, Provider
from tests.matrix.tenant import NOW
from tests.matrix.things import Params


def _reviewer() -> Membership:
    rows = Membership.objects.filter(revoked_at__isnull=True, role="reviewer", deputises__isnull=True)
    rows = rows.filter(user__email__startswith="reviewer@")
    return rows.select_related("user").order_by("-pk")[0]


def role(_officer: Actor) -> Params:
    """A role that somebody holds."""
    return {"pk": _reviewer().pk}


def named(_officer: Actor) -> Params:
    """Somebody who was named and has not come in."""
    return {"pk": Invitation.objects.filter(accepted_at__isnull=True, digest="").order_by("-pk")[0].pk}


def token(_officer: Actor) -> Params:
    """A token of this AIMS, which is the chief's."""
    rows = Token.objects.filter(aims_id=current_aims_id(), user__email__startswith="chief@")
    return {"pk": rows.order_by("-pk")[0].pk}


def person(_officer: Actor) -> Params:
    """A member, by key and by e-mail."""
    row = _reviewer().user
    return {"pk": row.pk, "email": row.email}


def pseudonym(_officer: Actor) -> Params:
    """The name of a member in the chain."""
    return {"pseudonym": _reviewer().user.pseudonym}


def certifier(_officer: Actor) -> Params:
    """The membership of a certification body's auditor."""
    return {"pk": Membership.objects.filter(role="certifier").order_by("-pk")[0].pk}


def view(_officer: Actor) -> Params:
    """A view that is shared with everybody."""
    return {"pk": SavedView.objects.filter(is_shared=True).order_by("-pk")[0].pk}


def deputy(_officer: Actor) -> Params:
    """A deputy of the reviewer."""
    return {"pk": Membership.objects.filter(deputises__isnull=False, revoked_at__isnull=True).order_by("-pk")[0].pk}


def seat(_officer: Actor) -> Params:
    """The seat of an auditor of the certification body."""
    return {"pk": Membership.objects.filter(role="certifier", revoked_at__isnull=True).order_by("-pk")[0].pk}


def share(_officer: Actor) -> Params:
    """Something that is shared with a seat."""
    return {"pk": Share.objects.filter(withdrawn_at__isnull=True).order_by("-pk")[0].pk}


def share_of_seat(_officer: Actor) -> Params:
    """Something that is shared with a seat, and whose seat it is."""
    row = Share.objects.filter(withdrawn_at__isnull=True).order_by("-pk")[0]
    return {"pk": row.seat_id, "share_pk": row.pk}


def seat_by_api(_officer: Actor) -> Params:
    """A seat as machines spell it: whose, from when until when, for an audit of ours."""
    days = {"begins": NOW.isoformat(), "ends": (NOW + timedelta(days=5)).isoformat()}
    return {
        "email": "somebody.new@walked.example.org",
        "audits": [Milestone.objects.filter(withdrawn_at__isnull=True).order_by("-pk")[0].ref],
    } | days


def another_end(_officer: Actor) -> Params:
    """Another end of a seat."""
    return {"ends": (NOW + timedelta(days=40)).isoformat()}


def to_share(_officer: Actor) -> Params:
    """Something of ours that can be shared."""
    return {"subject": Evidence.objects.live().order_by("-pk")[0].ref}


def a_stand_in(officer: Actor) -> Params:
    """Who may stand in for the reviewer, from when until when."""
    days = {"begins": NOW.isoformat(), "ends": (NOW + timedelta(days=5)).isoformat()}
    return {"membership": _reviewer().pk, "person": officer.email} | days


def a_new_seat(_officer: Actor) -> Params:
    """Whose seat it will be, and for what."""
    return {"email": "somebody.else@walked.example.org", "name": "Walked Auditor"}


def provider(_officer: Actor) -> Params:
    """A provider of single sign-on."""
    return {"code": Provider.objects.filter(withdrawn_at__isnull=True).order_by("-pk")[0].code}


def identity(_officer: Actor) -> Params:
    """Somebody whom a provider lets in."""
    row = Identity.objects.filter(unlinked_at__isnull=True).select_related("provider").order_by("-pk")[0]
    return {"code": row.provider.code, "pk": row.pk}


def token_prefix(officer: Actor) -> Params:
    """A token of this AIMS by what it begins with."""
    return {"prefix": Token.objects.get(pk=token(officer)["pk"]).prefix}


def issuer(_officer: Actor) -> Params:
    """The issuer that people are linked to, which stays."""
    return {"issuer": Provider.objects.filter(withdrawn_at__isnull=True).order_by("-pk")[0].issuer}
