"""`check_systems` at its door: what it prints for files that are right, wrong or hostile, and how it leaves."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from systems.check.checking import check
from systems.check.command import main
from tests.policies.records import GOOD

ROOT = Path(__file__).resolve().parents[3]
RECORD = """id: {id}
name: Support
owner: team-a
deployment:
  environment: production
classification:
  purpose: support
  data_sensitivity: none
  risk_tier: low
lifecycle:
  stage: production
"""
BIAS = """package bias
deny contains {"msg": "No bias test.", "field": "governance.bias_test"} if not input.governance.bias_test
"""
TIER = 'package tier\ndeny contains sprintf("Tier %s.", [input.classification.risk_tier]) if true\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with one policy that denies and one record."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rego").mkdir()
    (tmp_path / "rego" / "bias.rego").write_text(BIAS)
    record("a.yaml")
    return tmp_path


def record(name: str, id: str = "a", more: str = "") -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(RECORD.format(id=id) + more)


def told(capsys: pytest.CaptureFixture[str], *argv: str, policies: str = "rego") -> tuple[int, dict[str, Any]]:
    """The exit status and the JSON of a call."""
    status = main([*argv, "--policies", policies, "--format", "json"])
    return status, json.loads(capsys.readouterr().out)


def test_a_denied_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = told(capsys, "a.yaml")
    assert (status, said) == (1, {"a.yaml": {"allow": False, "deny": ["No bias test."], "errors": []}})


def test_an_allowed_file_with_fields_nobody_knows(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record("a.yaml", more="governance:\n  bias_test: {passed: true}\n  mood: fine\nextra: [1]\n")
    assert told(capsys, "a.yaml") == (0, {"a.yaml": {"allow": True, "deny": [], "errors": []}})


def test_folders_are_walked_and_keys_are_as_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record("teams/one.yaml", "one")
    record("teams/deep/two.yml", "two")
    record("teams/.git/three.yaml", "three")
    Path("teams/readme.md").write_text("no record")
    assert set(told(capsys, "./teams/", "a.yaml")[1]) == {"./teams/one.yaml", "./teams/deep/two.yml", "a.yaml"}


def test_what_cannot_be_read(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()
    Path("big.yaml").write_bytes(b"a: " + b"x" * 10_000_000)
    Path("tabs.yaml").write_text("id: a\n\tname: b\n")
    Path("twice.yaml").write_text("id: a\nid: b\n")
    Path("latin.yaml").write_bytes(b"id: a\nname: \xe9\n")
    os.mkfifo("pipe.yaml")
    names = ("gone.yaml", "empty", "big.yaml", "tabs.yaml", "twice.yaml", "latin.yaml", "pipe.yaml", "x" * 5000)
    status, said = told(capsys, "a.yaml", *names)
    assert status == 1
    assert said["a.yaml"]["errors"] == []
    assert {name: (said[name]["deny"], len(said[name]["errors"])) for name in names} == dict.fromkeys(names, ([], 1))
    assert said["gone.yaml"]["errors"] == ["There is no such file or folder."]
    assert said["empty"]["errors"] == ["This folder holds no .yaml or .yml file."]
    assert said["twice.yaml"]["errors"][0].startswith("line 2: The field id is here twice")


def test_a_record_that_misses_a_required_field_fails_under_any_policy(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("rego/bias.rego").write_text(TIER)
    for name in ("id", "name", "owner", "  environment", "  purpose", "  data_sensitivity", "  risk_tier", "  stage"):
        lines = [line for line in RECORD.format(id="a").splitlines() if not line.startswith(f"{name}:")]
        Path("a.yaml").write_text("\n".join(lines))
        status, said = told(capsys, "a.yaml")
        assert status == 1
        assert any(
            error.startswith("line ") or "missing" in error or "must be" in error for error in said["a.yaml"]["errors"]
        )


def test_ids_that_two_files_have_are_errors_of_both(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record("b.yaml", "A")
    record("c.yaml", "c")
    Path("link.yaml").symlink_to("c.yaml")
    said = told(capsys, "a.yaml", "b.yaml", "c.yaml", "link.yaml")[1]
    assert said["a.yaml"]["errors"] == ["line 1: The id a is also that of b.yaml (A), whatever its case."]
    assert said["b.yaml"]["errors"] == ["line 1: The id A is also that of a.yaml (a), whatever its case."]
    assert said["c.yaml"]["errors"] == said["link.yaml"]["errors"] == []


def test_broken_policies_are_named_in_every_file_and_the_others_speak(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record("b.yaml", "b")
    Path("rego/deep").mkdir()
    Path("rego/deep/net.rego").write_text('package n\ndeny contains "x" if http.send({}).ok')
    Path("rego/loop.rego").write_text("package l\nf(x) := f(x)\ndeny contains f(input.id)")
    Path("rego/bias_test.rego").write_text("not even rego")
    Path("rego/odd.rego").write_bytes(b"package odd\n# \xe9\n")
    Path("rego/away.rego").symlink_to("nowhere.rego")
    status, said = told(capsys, "a.yaml", "b.yaml")
    assert status == 1
    for name in ("a.yaml", "b.yaml"):
        assert said[name]["deny"] == ["No bias test."]
        named = sorted(error.split(":")[0] for error in said[name]["errors"])
        assert named == [f"policy {each}.rego" for each in ("away", "deep/net", "loop", "odd")]


def test_policies_without_deny_judge_nothing_and_say_so(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("rego/bias.rego").write_text("package a\nallow := true\n")
    assert told(capsys, "a.yaml")[1]["a.yaml"]["errors"] == ["No policy has a rule named deny, so nothing was judged."]


def test_a_folder_without_policies_is_loud_and_leaves_the_schema(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("rego/bias.rego").unlink()
    assert main(["a.yaml", "--policies", "rego"]) == 0
    assert "rego holds no policies (*.rego): only the schema is checked." in capsys.readouterr().err


@pytest.mark.parametrize("argv", [[], ["a.yaml", "--policies", "gone"], ["a.yaml", "--format", "pdf"], ["--what"]])
def test_wrong_usage_leaves_with_two(here: Path, argv: list[str]) -> None:
    try:
        status = main(argv)
    except SystemExit as left:
        status = int(str(left.code))
    assert status == 2


def test_without_an_engine_nothing_is_allowed(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policies.engine.running.find_spec", lambda _name: None)
    status, said = told(capsys, "a.yaml")
    assert status == 1
    assert "regorus is not installed" in said["a.yaml"]["errors"][0]


def test_policies_are_due_from_their_stage(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    meta = "# METADATA\n# title: t\n# custom:\n#   controls: [A.6.2.4]\n#   due_from: deployment\n"
    Path("rego/bias.rego").write_text(meta + BIAS)
    early = RECORD.format(id="a").replace("production", "development")
    Path("a.yaml").write_text(early)
    assert main(["a.yaml", "--policies", "rego"]) == 0
    assert main(["a.yaml", "--policies", "rego", "--stage", "operation"]) == 1
    Path("a.yaml").write_text(early.replace("environment: development", "environment: production"))
    assert main(["a.yaml", "--policies", "rego"]) == 1


def test_formats_are_well_formed_and_point_at_lines(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("rego/bias.rego").write_text(
        'package t\ndeny contains {"msg": "50% <bad>,\\n::and \\u0001more", "field": "classification.risk_tier"}'
    )
    record("we,ird:ü.yaml", "weird")
    main(["we,ird:ü.yaml", "gone.yaml", "--policies", "rego", "--format", "github"])
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first == "::error file=we%2Cird%3Aü.yaml,line=9::50%25 <bad>,%0A::and \x01more"
    assert second == "::error file=gone.yaml::There is no such file or folder."
    main(["we,ird:ü.yaml", "gone.yaml", "--policies", "rego", "--format", "junit"])
    suite = ElementTree.fromstring(capsys.readouterr().out)[0]  # noqa: S314  (our own)
    assert suite.attrib | {"tests": "2", "failures": "1", "errors": "1"} == suite.attrib
    assert [case[0].tag for case in suite] == ["failure", "error"]
    main(["we,ird:ü.yaml", "--policies", "rego"])
    assert "  deny   line 9: 50% <bad>, ::and  more" in capsys.readouterr().out


def test_the_example_gets_exactly_this(capsys: pytest.CaptureFixture[str]) -> None:
    example = Path(__file__).with_name("example.yaml")
    main([str(example), "--today", "2026-06-18"])
    expected = Path(__file__).with_name("example.txt").read_text()
    assert capsys.readouterr().out.replace(str(example), "example.yaml") == expected


def test_the_good_record_passes_the_shipped_set(here: Path) -> None:
    Path("good.yaml").write_text(json.dumps(GOOD))
    assert main(["good.yaml", "--today", "2026-06-18"]) == 0


@pytest.mark.parametrize("door", [["-m", "systems.check"], ["manage.py", "check_systems"]])
def test_both_doors_need_no_settings_and_no_database(here: Path, door: list[str]) -> None:
    told = subprocess.run(
        [sys.executable, *door, str(here / "a.yaml"), "--policies", str(here / "rego"), "--format", "json"],
        cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (told.returncode, told.stderr) == (1, "")
    assert json.loads(told.stdout) == {str(here / "a.yaml"): {"allow": False, "deny": ["No bias test."], "errors": []}}


def test_a_name_that_is_no_text_is_printed_all_the_same(here: Path) -> None:
    checked = check(["gone\udcff.yaml"], [], today=date(2026, 6, 18))
    assert checked[0].errors[0].words == "There is no such file or folder."
