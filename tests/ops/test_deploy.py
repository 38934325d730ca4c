"""What deploy/ and compose.yaml start is there, pinned, watched, and told in the documentation."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands
from ruamel.yaml import YAML

from config.release import RELEASE
from ops.places import ROOT

NAME = re.compile(r"^\| `([A-Z][A-Z_]+)`", re.M)
COMMAND = re.compile(r"manage\.py[`,\s]+([a-z_]+)")
IMAGE = re.compile(r"[a-z]+:\$?[^\s}]*\d+\.\d+[^\s}]*")
OURS = ("web", "worker", "ticker", "sealer", "migrate")
NOT_SETTINGS = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS"}
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
TEXTS = [ROOT / "compose.yaml", ROOT / "docs" / "deploy.md", ROOT / "docs" / "upgrades.md", *UNITS]


def documented() -> set[str]:
    return set(NAME.findall((ROOT / "docs" / "settings.md").read_text())) | NOT_SETTINGS


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(ROOT / "compose.yaml")["services"]
    return found


def environment_of(file: Path) -> dict[str, str]:
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)  # type: ignore[misc]


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_every_command_that_is_named_is_there(file: Path) -> None:
    named = set(COMMAND.findall(file.read_text().replace('", "', " ")))
    assert named <= set(get_commands())


def test_compose_starts_what_is_needed_and_watches_it(services: dict[str, Any]) -> None:
    assert set(services) == {*OURS, "postgres", "redis"}
    for name in set(services) - {"migrate"}:
        assert services[name]["healthcheck"]["test"], name
        assert services[name]["restart"] == "unless-stopped"
    for name in ("web", "worker", "ticker", "sealer"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert "ports" not in services["postgres"] | services["redis"]
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_images_are_ours_or_pinned(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert IMAGE.search(service["image"]), name
        assert ("build" in service) == (name in OURS)
    assert RELEASE in services["web"]["image"]
    base = re.findall(r"^ARG \w+_IMAGE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.M)
    assert base
    assert all(IMAGE.fullmatch(image) for image in base)


def test_only_those_who_seal_hold_the_door_to_it(services: dict[str, Any]) -> None:
    holders = {name for name in OURS if "DATABASE_SEALER_URL" in services[name]["environment"]}
    assert holders == {"worker", "sealer", "migrate"}
    owners = {name for name in OURS if "assay_owner" in str(services[name]["environment"])}
    assert owners == {"migrate"}
    readers = {unit.name for unit in UNITS if "sealer.env" in unit.read_text()}
    assert readers == {"assay-worker.service", "assay-sealer.service", "assay-migrate.service", "assay-backup.service"}


def test_every_name_of_the_environment_is_documented(services: dict[str, Any]) -> None:
    named = {name for service in OURS for name in services[service]["environment"]}
    for file in ("assay.env.example", "sealer.env.example", "owner.env.example"):
        named |= set(environment_of(ROOT / "deploy" / file))
    assert named <= documented()


def test_what_compose_asks_for_is_in_its_example() -> None:
    asked = set(re.findall(r"\$\{(\w+):\?", (ROOT / "compose.yaml").read_text()))
    assert asked
    assert asked <= set(environment_of(ROOT / "deploy" / "compose.env.example"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_can_be_read(unit: Path) -> None:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.read(unit)
    assert parser["Unit"]["Description"].startswith("Assay")
    if unit.suffix == ".service":
        assert parser["Service"]["User"] == "assay"
        assert parser["Service"]["NoNewPrivileges"] == "yes"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/assay", str(ROOT)))
    files = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
