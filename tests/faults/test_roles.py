"""The roles that deploy/roles.sql makes: Assay runs on them, and the application's may do no more than it has to."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from ops.places import ROOT, inherited
from ops.postgres import Cluster, private_server

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(300)]
PASSWORDS = {"owner": "o1", "app": "a1", "sealer": "s1"}


def test_the_doctor_finds_nothing_wrong_with_them(tmp_path: Path) -> None:
    """Names are changed, because the private server has roles of these names already."""
    script = tmp_path / "roles.sql"
    text = (ROOT / "deploy" / "roles.sql").read_text()
    script.write_text(
        text.replace("assay_", "real_")
        .replace("DATABASE assay", "DATABASE real")
        .replace("connect assay", "connect real")
    )
    with private_server() as server:
        script.chmod(0o644)
        tmp_path.chmod(0o755)
        given = [word for name, value in PASSWORDS.items() for word in ("-v", f"{name}={value}")]
        subprocess.run([*server.cluster.superuser, *given, "-f", str(script)], check=True)
        url = {name: address(server.cluster, name) for name in PASSWORDS}
        env = {name: value for name, value in inherited().items() if not name.startswith("DATABASE_")}
        env |= {"ASSAY_DATA": str(tmp_path / "data"), "DATABASE_SEALER_URL": url["sealer"]}
        manage(env | {"DATABASE_URL": url["owner"]}, "migrate", "--verbosity", "0")
        manage(env | {"DATABASE_URL": url["app"]}, "load_catalogue")
        told = manage(env | {"DATABASE_URL": url["app"]}, "doctor", is_well=False)
        assert "ok    roles           Owner, application and sealer are three roles." in told, told
        assert "ok    guards          Every guard is in place." in told
        with psycopg.connect(url["app"]) as app:
            for statement in ("CREATE TABLE mine (x int)", "TRUNCATE jobs_job", "DROP TABLE jobs_job"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege), app.transaction():
                    app.execute(statement)


def address(cluster: Cluster, name: str) -> str:
    return f"postgresql://real_{name}:{PASSWORDS[name]}@127.0.0.1:{cluster.port}/real"


def manage(env: dict[str, str], *words: str, is_well: bool = True) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 or not is_well, done.stderr
    return done.stdout
