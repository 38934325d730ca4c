"""Writing, revising and switching policies: only what can be used is kept, every version stays, and all is recorded."""

import pytest
from django.db import DatabaseError, transaction

from accounts.actor import Actor, service
from accounts.context import acting_in
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.models import Aims
from jobs.models import Job
from policies.actions import NotUsable, load_shipped, revise_policy, switch_policy, write_policy
from policies.actions.switch import NotSwitched
from policies.files import shipped
from policies.models import Policy, PolicyVersion
from policies.queries import in_force
from tests.make import a_member, an_organisation, trace_of

pytestmark = pytest.mark.django_db
TEXT = """# METADATA
# title: Vendors answer from the EU
# custom:
#   controls: [A.10.3]
#   due_from: deployment
#   severity: advice
package own.region

deny contains "no region" if not input.deployment.regions
"""


def inside() -> tuple[Aims, Actor]:
    return an_organisation()


def test_a_policy_is_written_with_what_its_metadata_says() -> None:
    aims, officer = inside()
    with acting_in(aims, officer):
        row = write_policy("vendor_region", TEXT.replace("\n", "\r\n"), note="ours", actor=officer)
        version = PolicyVersion.objects.get(policy=row)
    assert (row.title, row.package, row.controls) == ("Vendors answer from the EU", "own.region", ["A.10.3"])
    assert (row.due_from, row.severity, row.is_on, row.is_shipped) == ("deployment", "advice", True, False)
    assert (version.number, version.text, version.by_id) == (1, TEXT, officer.user_id)
    with acting_in(aims, officer):
        assert trace_of("policy:vendor_region") == ["policy.written"]
        assert row.history.count() == 1
    assert Job.objects.filter(kind="systems.judge").count() == 1


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("Bad Name", TEXT, "Use small letters"),
        ("new", TEXT, "Use small letters"),
        ("a", TEXT.replace("deny contains", "deny contains contains"), "Line 9: This is not Rego"),
        ("a", TEXT + '\nx := http.send({"url": "http://a"})\n', "Line 11: It asks for the network"),
        ("a", TEXT.replace("title", "titel"), "no title"),
        ("a", TEXT.replace("controls", "kontrols"), "names no control"),
        ("a", TEXT.replace("deployment\n", "someday\n", 1), "due_from must be one of"),
        ("a", "package own.region\ndeny contains 1 if input.x", "It has no metadata"),
        ("a", TEXT.replace("deny contains", "denied contains"), "It has no rule named deny"),
        ("a", TEXT + "\nf(x) := f(x)\ndeny contains f(1)\n", "It was stopped"),
        ("taken", TEXT, "There is a policy named taken already"),
        ("a", TEXT.replace("own.region", "own.taken"), "is that of taken"),
    ],
)
def test_what_cannot_be_used_is_refused_and_leaves_nothing(name: str, text: str, words: str) -> None:
    aims, officer = inside()
    with acting_in(aims, officer):
        write_policy("taken", TEXT.replace("own.region", "own.taken"), actor=officer)
        with pytest.raises(NotUsable, match=words):
            write_policy(name, text, actor=officer)
        assert [row.name for row in Policy.objects.all()] == ["taken"]
        assert PolicyVersion.objects.count() == 1


def test_a_new_version_takes_over_and_the_old_one_stays() -> None:
    aims, officer = inside()
    with acting_in(aims, officer):
        row = write_policy("region", TEXT, actor=officer)
        with pytest.raises(NotUsable, match="what is different"):
            revise_policy(row, TEXT, note=" ", seen=1, actor=officer)
        assert revise_policy(row, TEXT, note="the same", seen=1, actor=officer).number == 1
        row = revise_policy(row, TEXT.replace("no region", "none"), note="shorter", seen=1, actor=officer)
        with pytest.raises(Conflict):
            revise_policy(row, TEXT, note="late", seen=1, actor=officer)
        assert [version.number for version in row.versions.all()] == [2, 1]
        assert [policy.number for policy in in_force()] == [2]
    with acting_in(aims, officer):
        assert trace_of("policy:region") == ["policy.written", "policy.revised"]


def test_a_version_cannot_be_changed_or_removed() -> None:
    aims, officer = inside()
    with acting_in(aims, officer):
        row = write_policy("region", TEXT, actor=officer)
        for act in (lambda rows: rows.update(text=""), lambda rows: rows.delete()):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                act(PolicyVersion.objects.filter(policy=row))


def test_a_policy_is_switched_off_with_a_reason_and_on_again() -> None:
    aims, officer = inside()
    with acting_in(aims, officer):
        row = write_policy("region", TEXT, actor=officer)
        with pytest.raises(NotSwitched):
            switch_policy(row, is_on=False, reason=" ", seen=row.version, actor=officer)
        row = switch_policy(row, is_on=False, reason="vendors are in the US", seen=row.version, actor=officer)
        assert (row.off_reason, in_force()) == ("vendors are in the US", ())
        row = switch_policy(row, is_on=True, reason="moved", seen=row.version, actor=officer)
        assert (row.off_reason, len(in_force())) == ("", 1)
    with acting_in(aims, officer):
        assert trace_of("policy:region") == ["policy.written", "policy.switched", "policy.switched"]


def test_only_people_who_steer_write_policies() -> None:
    aims, officer = inside()
    owner = a_member(aims, Role.OWNER, by=officer)
    for actor in (owner, service("sync")):
        with acting_in(aims, actor), pytest.raises(NotAllowed):
            write_policy("region", TEXT, actor=actor)


def test_the_shipped_set_is_loaded_once_and_an_own_text_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    aims, officer = inside()
    judge = service("judge")
    with acting_in(aims, judge):
        assert load_shipped(actor=judge) == len(shipped())
        assert load_shipped(actor=judge) == 0
        assert len(in_force()) == len(shipped())
    with acting_in(aims, officer):
        own = Policy.objects.get(name="bias")
        text = own.versions.get().text.replace("needs a bias test", "needs one")
        revise_policy(own, text, note="our words", seen=own.version, actor=officer)
    later = [
        type(each)(each.name, each.text + "\n# later\n")
        for each in shipped()
        if each.name in ("bias.rego", "people.rego")
    ]
    monkeypatch.setattr("policies.actions.ship.shipped", lambda: later)
    with acting_in(aims, judge):
        assert load_shipped(actor=judge) == 1
        assert Policy.objects.get(name="people").number == 2
        assert Policy.objects.get(name="bias").versions.count() == 2
    with acting_in(aims, officer):
        assert trace_of("policy:people") == ["policy.shipped", "policy.shipped"]
