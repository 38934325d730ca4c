"""Starting one's own organisation, and the first run of a fresh installation."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import NotAllowed, Refusal
from accounts.roles import Role
from aims.models import Aims, Membership
from desk.actions.first_run import NotAPerson, NotTheFirst, first_run, is_first_run
from desk.actions.start import Named, NotStartable, start
from ledger.models import Record
from soa.models import Entry
from systems.actions.facts import NotAFact
from systems.models import AiSystem
from tests.desk.make import ANSWERS
from tests.make import PASSWORD, a_member, a_person, trace_of

SYSTEMS = [Named("Support assistant", "Answers questions of customers")]
WHO = {"name": "Ana Lima", "email": "Ana@Example.org", "password": PASSWORD}
ABOUT = {"roles_played": ["provider"], "systems": SYSTEMS, "time_zone": "UTC"}


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_three_answers_make_an_organisation_with_its_trace(db: None) -> None:
    founder = a_person()
    aims = start("Brook & Vale GmbH", founder=founder, **ABOUT)  # type: ignore[arg-type]
    assert (aims.slug, aims.time_zone, aims.roles_played) == ("brook-vale", "UTC", ["provider"])
    with acting_in(aims):
        assert Entry.objects.count() == 38
        assert [system.name for system in AiSystem.objects.all()] == ["Support assistant"]
        assert {row.role for row in Membership.objects.filter(user=founder)} == {Role.ADMINISTRATOR, Role.OFFICER}
        assert trace_of("aims:brook-vale") == ["aims.founded"]
        assert trace_of("statement:SOA") == ["soa.opened"]
        assert trace_of("system:SYS-01") == ["system.registered"]
        assert AiSystem.history.count() == 1


@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        ({"organisation": "  "}, Refusal, "organisation"),
        ({"roles_played": []}, NotStartable, "roles_played"),
        ({"roles_played": ["emperor"]}, NotStartable, "roles_played"),
        ({"systems": [*SYSTEMS, Named("", "Nobody knows")]}, NotAFact, "name"),
    ],
)
def test_a_refused_answer_leaves_nothing_behind(
    db: None, change: dict[str, object], refusal: type[Refusal], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        start(**{"organisation": "Brook", "founder": a_person(), **ABOUT, **change})  # type: ignore[arg-type]
    assert refused.value.field == field
    assert Aims.objects.count() == Record.unscoped.count() == 0


def test_a_certifier_is_refused_and_one_who_holds_more_is_not(aims: Aims, officer: Actor) -> None:
    certifier = User.objects.get(pk=a_member(aims, Role.CERTIFIER, by=officer).user_id)
    with pytest.raises(NotAllowed, match="here to certify"):
        start("Own Ltd", founder=certifier, **ABOUT)  # type: ignore[arg-type]
    both = User.objects.get(pk=a_member(aims, Role.CERTIFIER, Role.AUDITOR, by=officer).user_id)
    assert start("Own Ltd", founder=both, **ABOUT).organisation == "Own Ltd"  # type: ignore[arg-type]


def test_the_page_starts_it_and_lands_on_its_first_steps(db: None) -> None:
    client = browser_of(a_person())
    answer = client.post(reverse("start"), ANSWERS)
    assert answer["Location"] == "/a/brook-vale/"
    page = client.get(answer["Location"]).content.decode()
    assert "First steps" in page
    assert "All 38 controls are open" in page
    with acting_in(Aims.objects.get()):
        assert [row.name for row in AiSystem.objects.order_by("code")] == ["Support assistant", "Ranker"]


@pytest.mark.parametrize(
    ("change", "words", "place"),
    [
        ({"organisation": ""}, "Say what the organisation is called.", "#id_organisation"),
        ({"roles_played": []}, "Choose at least one role", "#id_roles_played"),
        ({"form-1-purpose": ""}, "Say what Ranker is for.", "#id_form-1-purpose"),
        ({"form-0-name": ""}, "Give the system a name.", "#id_form-0-name"),
        ({"time_zone": "Mars/Olympus"}, "Mars/Olympus", "#id_time_zone"),
        ({"form-0-name": "x" * 161}, "160", "#id_form-0-name"),
        ({"form-TOTAL_FORMS": "nonsense"}, "tampered", ""),
    ],
)
def test_what_is_missing_is_said_in_place(db: None, change: dict[str, object], words: str, place: str) -> None:
    answer = browser_of(a_person()).post(reverse("start"), ANSWERS | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'href="{place}"' in page or not place
    assert not Aims.objects.exists()


def test_a_fresh_installation_leads_to_its_first_page(db: None) -> None:
    assert Client().get("/")["Location"] == reverse("first_run")
    assert "Welcome to Assay" in Client().get(reverse("first_run")).content.decode()


def test_the_first_person_is_signed_in_and_the_page_is_gone(db: None) -> None:
    client = Client()
    answer = client.post(reverse("first_run"), ANSWERS | WHO)
    assert answer["Location"] == "/a/brook-vale/"
    assert "Ana Lima" in client.get(answer["Location"]).content.decode()
    founder = User.objects.get()
    assert (founder.email, founder.time_zone) == ("ana@example.org", "Europe/Berlin")
    assert founder.check_password(PASSWORD)
    assert Client().get(reverse("first_run")).status_code == 404
    assert Client().post(reverse("first_run"), ANSWERS | WHO | {"email": "b@example.org"}).status_code == 404
    assert Client().get("/")["Location"] == reverse("account_login")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "short"}, "too short"),
        ({"name": ""}, "Fill in: Your name"),
        ({"email": "nobody"}, "valid email"),
    ],
)
def test_a_refused_first_person_leaves_nothing_behind(db: None, change: dict[str, str], words: str) -> None:
    answer = Client().post(reverse("first_run"), ANSWERS | WHO | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not User.objects.exists()
    assert not Aims.objects.exists()


def test_people_who_cannot_sign_in_do_not_count(db: None) -> None:
    User.objects.create_user("invited@example.org")
    left = a_person()
    left.is_active = False
    left.save()
    assert is_first_run()
    a_person()
    assert not is_first_run()


def test_an_invited_address_is_not_taken_over(db: None) -> None:
    User.objects.create_user("ana@example.org")
    with pytest.raises(NotAPerson):
        first_run("Brook", **WHO, **ABOUT)  # type: ignore[arg-type]


@pytest.mark.db_both
@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_at_once_one_is_refused() -> None:
    ready, results = Barrier(2), []

    def begin(email: str) -> None:
        ready.wait()
        try:
            first_run("Brook", **(WHO | {"email": email}), **ABOUT)  # type: ignore[arg-type]
            results.append("made")
        except NotTheFirst:
            results.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=begin, args=[f"{name}@example.org"]) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["made", "refused"]
    assert (User.objects.count(), Aims.objects.count()) == (1, 1)
