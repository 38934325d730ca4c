"""`manage.py lineage`: one JSON object, or a tree to read."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.actor import Actor
from aims.models import Aims
from ledger.models import Log
from tests.make import an_organisation
from tests.soa.make import WHY
from tests.trace.lineage.make import ENTRY, World, a_world, record
from trace.lineage.telling import as_text


@pytest.fixture
def world(aims: Aims, officer: Actor) -> World:
    return a_world(aims, officer)


def told(world: World, subject: str, *more: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("lineage", subject, "--aims", world.aims.slug, *more, stdout=out)
    return out.getvalue()


def data(world: World, subject: str, *more: str) -> Any:
    return json.loads(told(world, subject, "--json", *more))


def test_the_json_is_whole(world: World) -> None:
    found = data(world, ENTRY)
    log = Log.objects.get()
    told = "subject aims as_recorded nodes edges back forward gaps hashes left_out is_cut"
    assert list(found) == told.split()
    assert (found["subject"], found["aims"]) == (ENTRY, world.aims.slug)
    assert found["as_recorded"] == {"size": log.size, "root": log.root}
    refs = [node["ref"] for node in found["nodes"]]
    assert len(refs) == len(set(refs))
    assert set(refs) == {ENTRY, *found["back"], *found["forward"]}
    assert {end for edge in found["edges"] for end in (edge["from"], edge["to"])} <= set(refs)
    assert all(set(edge) == {"from", "to", "relation", "note"} for edge in found["edges"])
    assert all(set(gap) == {"ref", "text"} for gap in found["gaps"])


def test_a_node_carries_its_record_and_its_authority(world: World) -> None:
    nodes = {node["ref"]: node for node in data(world, ENTRY)["nodes"]}
    node = nodes[ENTRY]
    assert set(node) == {"ref", "kind", "code", "title", "note", "state", "hash", "record"}
    number = int(record(ENTRY, "soa.decided").removeprefix("record:"))
    told = node["record"]
    assert (told["number"], told["event"], told["role"]) == (number, "soa.decided", "officer")
    assert (told["actor"], told["reason"]) == (world.officer.name, WHY)
    assert node["hash"] == told["leaf"]
    assert told["at"].endswith("Z")
    assert told["authority"] == {
        "membership": f"membership:{world.officer.authorities[0].membership_id}",
        "role": "Compliance officer",
        "scope": "whole AIMS",
        "granted_by": world.officer.name,
        "granted_in": 2,
        "expires": None,
        "valid_then": True,
        "words": f"Compliance officer, granted by {world.officer.name} in #2, valid then",
    }
    assert nodes[world.assessment.ref]["hash"] == world.assessment.digest
    assert nodes[f"record:{number}"]["kind"] == "decision"
    assert nodes[record(world.assessment.ref, "assessment.decided")]["kind"] == "approval"
    assert nodes["statement:SOA"]["record"] is None


def test_direction_and_depth(world: World) -> None:
    assert data(world, ENTRY, "--direction", "back")["forward"] == []
    assert data(world, ENTRY, "--direction", "forward")["back"] == []
    assert data(world, ENTRY, "--depth", "1")["is_cut"]
    for wrong in ("0", "13", "x"):
        with pytest.raises(CommandError, match="give 1 to 12 steps"):
            told(world, ENTRY, "--depth", wrong)


def test_the_text_is_a_tree(world: World) -> None:
    lines = told(world, ENTRY).splitlines()
    assert lines[0].startswith(f"{ENTRY}  AI system verification and validation, Included")
    assert "Rests on" in lines
    assert "What depends on it" in lines
    assert any(line.startswith(f"  covers  {world.ranker.ref}  Ranker, 2.7") for line in lines)
    assert any(line.startswith("Gap  ") for line in lines)
    assert any("valid then" in line for line in lines)
    assert "There may be more beyond this depth." in told(world, ENTRY, "--depth", "1")


def test_the_text_says_what_is_left_out(world: World) -> None:
    assert "and at least 6 more" in list(as_text(world.asked(ENTRY, limit=2)))


@pytest.mark.parametrize("subject", ["finding:NC-2026-03", "entry:A.99", "x"])
def test_what_is_not_there_ends_with_1(world: World, subject: str) -> None:
    with pytest.raises(CommandError) as refused:
        told(world, subject)
    assert refused.value.returncode == 1
    if subject.startswith("finding"):
        assert str(refused.value) == "There is no finding NC-2026-03 here."


def test_an_unknown_or_removed_organisation(world: World) -> None:
    with pytest.raises(CommandError, match="There is no AIMS “nowhere”"):
        call_command("lineage", ENTRY, "--aims", "nowhere")
    Aims.objects.filter(pk=world.aims.pk).update(removed_at=world.aims.created_at)
    with pytest.raises(CommandError, match="There is no AIMS"):
        told(world, ENTRY)


def test_another_organisation_does_not_have_it(world: World) -> None:
    theirs, _stranger = an_organisation()
    with pytest.raises(CommandError, match="There is no"):
        call_command("lineage", world.risk.ref, "--aims", theirs.slug)


def test_it_only_reads(world: World) -> None:
    size = Log.objects.get().size
    told(world, ENTRY)
    assert Log.objects.get().size == size
