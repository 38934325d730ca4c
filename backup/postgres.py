"""PostgreSQL: a dump of exactly the snapshot that is described, and a restore in one transaction."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import OperationalError, connection, connections, transaction
from psycopg.conninfo import make_conninfo

from backup import programs
from backup.database import RECORDS, has_table, through
from backup.folder import sync
from backup.form import About
from backup.refusals import NotABackup, NotMade, NotRestorable

CHUNK = 1024 * 1024
WHOLE = "-c app.whole=on"
HIDDEN = """SELECT count(*) FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace
  AND row_security_active(oid) AND NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = pg_class.oid AND polpermissive
    AND polname = 'assay_whole' AND pg_class.relowner = ANY(polroles) AND pg_get_userbyid(relowner) = current_user)"""
OURS = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
LIBPQ = (
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "sslnegotiation", "channel_binding", "gssencmode"),
    *("service", "passfile", "connect_timeout", "target_session_attrs", "options"),
)
NAMED = """SELECT DISTINCT pg_get_userbyid(role) FROM (
  SELECT (aclexplode(relacl)).grantee FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION SELECT (aclexplode(proacl)).grantee FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION SELECT unnest(polroles) FROM pg_policy
  UNION SELECT defaclrole FROM pg_default_acl UNION SELECT (aclexplode(defaclacl)).grantee FROM pg_default_acl
) AS named (role) WHERE role <> 0 ORDER BY 1"""
EMPTY = """BEGIN;
SET lock_timeout = '10s';
DO $$ DECLARE thing record; BEGIN
  FOR thing IN SELECT relname AS name, CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
        WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind FROM pg_class WHERE relkind IN ('v', 'm', 'r', 'p', 'S')
      AND relnamespace = 'public'::regnamespace AND pg_get_userbyid(relowner) = current_user
      ORDER BY relkind = 'S', relkind IN ('r', 'p') LOOP
    EXECUTE format('DROP %s IF EXISTS public.%I CASCADE', thing.kind, thing.name);
  END LOOP;
  FOR thing IN SELECT oid::regprocedure::text AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      AND pg_get_userbyid(proowner) = current_user
      AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') LOOP
    EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', thing.name);
  END LOOP;
END $$;
"""
NEWER = b"\nSET transaction_timeout = 0;\n"


def owner() -> dict[str, Any]:
    """Return the settings of the role that owns the tables; without DATABASE_OWNER_URL that is the application's.

    It sees the rows of every AIMS, which row-level security shows the owner only where that is said.
    """
    told = {name: settings.DATABASE_OWNER[name] for name in OURS if settings.DATABASE_OWNER.get(name)}
    role = {name: connection.settings_dict[name] for name in (*OURS, "NAME")} | told
    options = f"{role['OPTIONS'].get('options', '')} {WHOLE}".strip()
    return role | {"OPTIONS": role["OPTIONS"] | {"options": options}}


def server() -> str:
    """Return the major version of the server."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return str(int(cursor.fetchone()[0]) // 10_000)


def roles() -> tuple[str, ...]:
    """Return the roles that the rights in the database name: a restore needs them."""
    with connection.cursor() as cursor:
        cursor.execute(NAMED)
        return tuple(row[0] for row in cursor.fetchall())


@contextmanager
def snapshot(file: Path) -> Iterator[None]:
    """Dump the live database as it is at one instant; in the block everything reads that instant. Raises NotMade."""
    if connection.in_atomic_block:
        raise NotMade("A backup is made outside of any transaction.")
    program = programs.find("pg_dump", int(server()))
    role = owner()
    _refuse_a_part(role)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (name,) = cursor.fetchone()
        file.touch(mode=0o600)
        argv = [program, "--format=custom", f"--snapshot={name}", f"--file={file}", f"--dbname={_conninfo(role)}"]
        argv.append("--enable-row-security")
        if fault := programs.run(argv, password=role["PASSWORD"]):
            raise NotMade(f"pg_dump failed; nothing was kept.\n{fault}")
        sync(file)
        yield


def _refuse_a_part(role: dict[str, Any]) -> None:
    """Refuse to dump as a role from which row-level security hides rows: the dump would hold a part of them only.

    Where it cannot be reached, pg_dump says so.
    """
    with suppress(OperationalError), through(role), connection.cursor() as cursor:
        cursor.execute(HIDDEN)
        if cursor.fetchone()[0]:
            raise NotMade(
                "Row-level security hides rows, so this would be a backup of a part. DATABASE_OWNER_URL has to name "
                "the role that owns the tables; if it does, run `manage.py migrate` as that role first."
            )


def is_free() -> bool:
    """Whether the configured database holds no record; its size is asked, which no row-level security hides."""
    with through(owner()):
        if not has_table(RECORDS):
            return True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_relation_size(%s)", [RECORDS])
            return bool(cursor.fetchone()[0] == 0)


def check_dump(file: Path, about: About) -> None:
    """Look through the dump's contents and whether they fit this server, raising NotABackup or NotRestorable."""
    if fault := programs.run([_program("pg_restore", about), "--list", file], password=""):
        raise NotABackup(f"{file} is no dump that can be read: {fault}")
    _program("psql", about)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(about.database.roles)])
        absent = sorted(set(about.database.roles) - {row[0] for row in cursor.fetchall()})
    if absent:
        raise NotRestorable(
            f"The backup grants rights to {', '.join(absent)}, which this server does not have. Create "
            f"{'it' if len(absent) == 1 else 'them'} first: CREATE ROLE {absent[0]} LOGIN PASSWORD '…';"
        )


def restore(file: Path, about: About) -> None:
    """Empty the configured database and fill it again, in one transaction of its owner. Raises NotRestorable."""
    role = owner()
    reader: list[object] = [_program("pg_restore", about), "--no-owner", "--file=-", file]
    writer: list[object] = [_program("psql", about), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", _conninfo(role)]
    is_old = int(server()) < 17
    connections.close_all()
    with tempfile.TemporaryFile() as read, tempfile.TemporaryFile() as written:
        source = _popen(reader, stdout=subprocess.PIPE, stderr=read)
        target = _popen(writer, password=role["PASSWORD"], stdin=subprocess.PIPE, stdout=written, stderr=written)
        with source, target:
            is_read = _pump(source, target, is_old=is_old)
        if source.returncode or target.returncode or not is_read:
            said = [programs.tail(_all(output)) for output in (written, read)]
            told = "\n".join(part for part in said if part)
            raise NotRestorable(f"The database could not be filled; it is as it was.\n{told}")


def _pump(source: "subprocess.Popen[bytes]", target: "subprocess.Popen[bytes]", *, is_old: bool) -> bool:
    """Pass the script on within a transaction that is committed only when all of it was read and taken."""
    assert source.stdout is not None  # noqa: S101  (both are pipes)
    assert target.stdin is not None  # noqa: S101
    try:
        target.stdin.write(EMPTY.encode())
        head = source.stdout.read(CHUNK)
        target.stdin.write(head.replace(NEWER, b"\n", 1) if is_old else head)
        shutil.copyfileobj(source.stdout, target.stdin, CHUNK)
        if source.wait() == 0:
            target.stdin.write(b"\nCOMMIT;\n")
            target.stdin.close()
            return True
    except BrokenPipeError:
        source.kill()
    finally:
        with suppress(BrokenPipeError):
            target.stdin.close()
    return False


def _popen(argv: list[object], *, password: str = "", **pipes: Any) -> "subprocess.Popen[bytes]":
    words = [str(part) for part in argv]
    return subprocess.Popen(words, env=programs.environment(password), **pipes)  # noqa: S603  (without a shell)


def _all(output: IO[bytes]) -> bytes:
    output.seek(0)
    return output.read()


def _program(name: str, about: About) -> Path:
    return programs.find(name, max(int(server()), int(about.database.server)))


def _conninfo(role: dict[str, Any]) -> str:
    """Return where the database is, without the password."""
    options = {name: role["OPTIONS"][name] for name in LIBPQ if name in role["OPTIONS"]}
    told = {"dbname": role["NAME"], "user": role["USER"], "host": role["HOST"], "port": role["PORT"], **options}
    return make_conninfo(**{name: value for name, value in told.items() if value})
