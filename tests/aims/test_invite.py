"""People come in by invitation: mailed once, accepted once, and never a way round a password that is there."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.actions import accept_invitation, complete_invitation, invite, invite_owner_by_name
from aims.actions.accept_invitation import NotAcceptable
from aims.actions.invite import NotInvitable
from aims.invitations import has_address, waiting_invitation
from aims.models import Aims, Invitation, Membership
from jobs.models import Delivery
from tests.make import PASSWORD, a_member, a_person, an_organisation, trace_of


def secret_mailed_to(email: str) -> str:
    found = re.search(r"/invitation/([^/]+)/", Delivery.objects.filter(to=email).latest("pk").body)
    assert found
    return found[1]


def test_an_invitation_grants_mails_and_is_recorded(aims: Aims, officer: Actor) -> None:
    row = invite("Ana@Example.org", name="Ana Lima", roles=["owner", "reviewer"], actor=officer)
    assert set(Membership.objects.filter(user=row.user).values_list("role", flat=True)) == {"owner", "reviewer"}
    assert not row.user.has_usable_password()
    secret = secret_mailed_to("ana@example.org")
    assert secret not in row.digest
    assert waiting_invitation(secret) == row
    assert trace_of(row.ref) == ["person.invited"]


def test_inviting_again_makes_the_old_link_void(aims: Aims, officer: Actor) -> None:
    invite("ana@example.org", name="Ana", roles=["owner"], actor=officer)
    old = secret_mailed_to("ana@example.org")
    invite("ana@example.org", name="Ana", roles=["owner"], actor=officer)
    assert waiting_invitation(old) is None
    assert Invitation.objects.count() == User.objects.filter(email="ana@example.org").count() == 1


def test_somebody_who_signs_in_already_gets_no_link(aims: Aims, officer: Actor) -> None:
    person = a_person(email="known@example.org")
    row = invite("known@example.org", name="", roles=["auditor"], actor=officer)
    assert (row.user, row.digest) == (person, "")
    assert "/invitation/" not in Delivery.objects.get(to="known@example.org").body


@pytest.mark.parametrize(
    ("email", "roles", "field"),
    [
        ("nobody", ["owner"], "email"),
        ("a@invited.invalid", ["owner"], "email"),
        ("a@b.org", [], "roles"),
        ("a@b.org", ["king"], "roles"),
    ],
)
def test_nonsense_is_refused(aims: Aims, officer: Actor, email: str, roles: list[str], field: str) -> None:
    with pytest.raises(NotInvitable) as refusal:
        invite(email, name="A", roles=roles, actor=officer)
    assert refusal.value.field == field
    assert not Invitation.objects.exists()


def test_others_may_not_invite(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    waiting = Invitation.objects.get(user=invite_owner_by_name("Ana", actor=officer))
    with pytest.raises(NotAllowed):
        invite("a@b.org", name="A", roles=["owner"], actor=owner)
    with pytest.raises(NotAllowed):
        invite_owner_by_name("A", actor=owner)
    with pytest.raises(NotAllowed):
        complete_invitation(waiting, email="a@b.org", actor=owner)


def test_accepting_sets_a_password_once(aims: Aims, officer: Actor) -> None:
    row = invite("ana@example.org", name="Ana", roles=["owner"], actor=officer)
    secret = secret_mailed_to("ana@example.org")
    user, actor = accept_invitation(secret, name="Ana Lima", password=PASSWORD)
    assert user.check_password(PASSWORD)
    assert actor.roles == {Role.OWNER}
    assert trace_of(row.ref) == ["person.invited", "person.joined"]
    with pytest.raises(NotAcceptable):
        accept_invitation(secret, name="Eve", password="another horse battery staple")
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(("name", "password", "field"), [(" ", PASSWORD, "name"), ("Ana", "short", "password")])
def test_a_bad_answer_lets_nobody_in(aims: Aims, officer: Actor, name: str, password: str, field: str) -> None:
    invite("ana@example.org", name="Ana", roles=["owner"], actor=officer)
    with pytest.raises(NotAcceptable) as refusal:
        accept_invitation(secret_mailed_to("ana@example.org"), name=name, password=password)
    assert refusal.value.field == field
    assert not User.objects.get(email="ana@example.org").has_usable_password()


def test_a_link_never_resets_a_password(aims: Aims, officer: Actor) -> None:
    row = invite("ana@example.org", name="Ana", roles=["owner"], actor=officer)
    row.user.set_password(PASSWORD)
    row.user.save()
    with pytest.raises(NotAcceptable):
        accept_invitation(secret_mailed_to("ana@example.org"), name="Eve", password="another horse battery staple")


def test_roles_taken_back_close_the_way_in(aims: Aims, officer: Actor) -> None:
    row = invite("ana@example.org", name="Ana", roles=["owner"], actor=officer)
    Membership.objects.filter(user=row.user).update(revoked_at=clock.now())
    with pytest.raises(NotAcceptable):
        accept_invitation(secret_mailed_to("ana@example.org"), name="Ana", password=PASSWORD)
    assert not User.objects.get(pk=row.user_id).has_usable_password()


@pytest.mark.parametrize("secret", ["", "x", "1", "-", "999999999999-abc", "9" * 40 + "-a", "٣-abc"])
def test_made_up_links_lead_nowhere(db: None, secret: str) -> None:
    assert waiting_invitation(secret) is None


def test_an_old_link_lets_nobody_in(aims: Aims, officer: Actor) -> None:
    invite("ana@example.org", name="Ana", roles=["owner"], actor=officer)
    secret = secret_mailed_to("ana@example.org")
    with clock.standing_at(clock.now() + timedelta(days=15)):
        assert waiting_invitation(secret) is None


def test_an_owner_named_twice_is_one_person(aims: Aims, officer: Actor) -> None:
    first = invite_owner_by_name("José  Müller", actor=officer)
    assert invite_owner_by_name("JOSÉ MÜLLER", actor=officer) == first
    assert not first.is_active
    assert not has_address(first)
    assert Membership.objects.get(user=first).role == Role.OWNER
    assert not Delivery.objects.exists()


def test_an_owner_is_found_by_address_or_name(aims: Aims, officer: Actor) -> None:
    member = a_member(aims, Role.OWNER, by=officer, name="Tom Okafor")
    assert invite_owner_by_name("tom okafor", actor=officer).pk == member.user_id
    assert invite_owner_by_name(member.email.upper(), actor=officer).pk == member.user_id
    assert invite_owner_by_name(f"T. O. <{member.email}>", actor=officer).pk == member.user_id
    named = invite_owner_by_name("Eva Low <eva@example.org>", actor=officer)
    assert (named.name, named.email) == ("Eva Low", "eva@example.org")
    with pytest.raises(NotInvitable):
        invite_owner_by_name("  ", actor=officer)


def test_names_of_another_aims_do_not_match(aims: Aims, officer: Actor) -> None:
    other, stranger = an_organisation()
    with acting_in(other, stranger):
        theirs = invite_owner_by_name("Ana Lima", actor=stranger)
    assert invite_owner_by_name("Ana Lima", actor=officer) != theirs


def test_a_named_owner_is_completed_with_an_address(aims: Aims, officer: Actor) -> None:
    user = invite_owner_by_name("Ana Lima", actor=officer)
    row = complete_invitation(Invitation.objects.get(user=user), email="ana@example.org", actor=officer)
    user.refresh_from_db()
    assert (user.email, user.is_active) == ("ana@example.org", True)
    assert waiting_invitation(secret_mailed_to("ana@example.org")) == row
    with pytest.raises(NotInvitable):
        complete_invitation(row, email="somebody@example.org", actor=officer)
    accept_invitation(secret_mailed_to("ana@example.org"), name="Ana", password=PASSWORD)
    with pytest.raises(NotInvitable):
        complete_invitation(row, email="ana@example.org", actor=officer)


def test_an_address_that_is_taken_is_refused(aims: Aims, officer: Actor) -> None:
    a_person(email="taken@example.org")
    row = Invitation.objects.get(user=invite_owner_by_name("Ana Lima", actor=officer))
    with pytest.raises(NotInvitable):
        complete_invitation(row, email="taken@example.org", actor=officer)


def test_the_link_leads_in_and_signs_in(aims: Aims, officer: Actor) -> None:
    invite("ana@example.org", name="Ana", roles=["owner"], actor=officer)
    client = Client()
    opened = client.get(reverse("invitation", args=[secret_mailed_to("ana@example.org")]))
    assert opened["Location"] == reverse("accept_invitation")
    assert "ana@example.org" in client.get(reverse("accept_invitation")).content.decode()
    refused = client.post(reverse("accept_invitation"), {"name": "Ana", "password": "short"})
    assert refused.status_code == 422
    done = client.post(reverse("accept_invitation"), {"name": "Ana", "password": PASSWORD})
    assert done.status_code == 302
    assert client.get(reverse("me")).status_code == 200
    assert client.get("/accounts/sessions/").content.decode().count("this one") == 1
    home = client.get(reverse("desk:overview", args=[aims.slug])).wsgi_request
    assert (home.actor.auth_method, home.actor.has_stepped_up) == ("invitation", True)


def test_a_link_that_is_gone_says_so(db: None) -> None:
    answer = Client().get("/invitation/1-nonsense/")
    assert answer.status_code == 404
    assert "no longer works" in answer.content.decode()
    assert Client().get("/invitation/").status_code == 404
