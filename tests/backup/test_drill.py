"""The drill, with real processes: work, back up while working, work on, lose everything, restore, verify."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.backup.make import Server, Site, about

pytestmark = pytest.mark.timeout(600)
WRITER = "from tests.backup.make import write_more; [write_more() for _ in range(10_000)]"
SIZE = "from ledger.models import Log; print(Log.unscoped.order_by('pk')[0].size)"


@contextmanager
def at_work(site: Site) -> Iterator[None]:
    """Let the ticker beat and somebody give evidence all the time."""
    running = [site.popen("ticker", "--seconds", "0.2"), site.popen("shell", "--no-imports", "-c", WRITER)]
    try:
        yield
        assert [process.poll() for process in running] == [None, None], "they fell over while it went on"
    finally:
        for process in running:
            process.terminate()
            process.communicate(timeout=60)


def size_of(site: Site) -> int:
    return int(site.run(SIZE))


def wait_for_more(site: Site, than: int) -> None:
    until = time.monotonic() + 120
    while size_of(site) <= than:
        assert time.monotonic() < until, "nobody writes"


def drill(site: Site, tmp_path: Path, lose: object) -> None:
    """Go through all of it; `lose` destroys the database where it is not in the data folder."""
    out, secrets = tmp_path / "backup", tmp_path / "safe" / "secrets"
    begun = size_of(site)
    with at_work(site):
        wait_for_more(site, begun)
        site.manage("backup", "--out", str(out))
        wait_for_more(site, about(out)["logs"][0]["size"])
    end = size_of(site)
    saved = {log["aims"]: log for log in about(out)["logs"]}
    assert begun < saved["meridian"]["size"] < end
    assert saved["meridian"]["checkpoint"]

    shutil.copytree(site.data / "secrets", secrets)
    shutil.copytree(site.data / "anchors", tmp_path / "safe" / "anchors")
    shutil.rmtree(site.data)
    if callable(lose):
        lose(site.env)

    _out, refused = site.manage("restore", str(out), "--verify", status=1)
    assert "Bring back SECRET_KEY, LEDGER_KEY, SIGNING_SECRET" in refused
    shutil.copytree(secrets, site.data / "secrets", dirs_exist_ok=True)
    said, warned = site.manage("restore", str(out), "--verify")
    assert warned == ""
    assert f"meridian: {saved['meridian']['size']} records verified, root {saved['meridian']['root']}" in said
    for told in site.verified():
        assert (told["sound"], told["root"]) == (True, saved[told["aims"]]["root"])
        assert told["files"] == {"checked": told["files"]["checked"], "altered": 0, "missing": 0}
        assert told["checkpoints"] > 0
    site.run("from tests.backup.make import write_more; write_more()")
    site.manage("ticker", "--once")
    assert size_of(site) == saved["meridian"]["size"] + saved["meridian"]["waiting"] + 1
    site.verified()

    shutil.copytree(tmp_path / "safe" / "anchors", site.data / "anchors", dirs_exist_ok=True)
    said, warned = site.manage("restore", str(out), "--over", "--verify", status=1)
    assert "Sealing will refuse (ROLLBACK) until an administrator resumes the log" in warned
    assert "ROLLBACK: a checkpoint over" in said
    assert json.loads(site.manage("verify_chain", "--json", status=1)[0])[0]["fault"].startswith("ROLLBACK")


def test_on_sqlite(site: Site, tmp_path: Path) -> None:
    drill(site, tmp_path, lose=None)


@pytest.mark.postgres
def test_on_postgres(server: Server, tmp_path: Path) -> None:
    site = Site(tmp_path / "site", server.a_database()).made()
    drill(site, tmp_path, lose=server.drop)
