"""Where things are kept: the database and its roles, cache and queue, files and the disk under them."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection
from django.utils.dateparse import parse_datetime

from aims import walls
from ledger import guards as ledger_guards
from upkeep.doctor.shape import Found, fail, ok, warn
from upkeep.readiness import NotReady, ask_cache, ask_store, unapplied

OLDEST = 150000
SKEW_WARNS, SKEW_FAILS = 2.0, 30.0
GB = 1024**3
ROOM_WARNS, ROOM_FAILS = 2 * GB, GB // 4
ROLE = "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
OWNED = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
SEALS = "SELECT has_table_privilege(current_user, 'ledger_leaf', 'INSERT')"
NO_REDIS = "Set REDIS_URL; under `make run` the processes have it, and this shell has not."


def database() -> Found:
    """The database answers and is new enough."""
    if connection.vendor == "sqlite":
        mode = _one("PRAGMA journal_mode")
        if mode != "wal":
            return fail(f"SQLite writes in the mode {mode}.", "Put the data folder on a local disk: WAL needs one.")
        return ok(f"SQLite {_one('SELECT sqlite_version()')} answers.")
    shown = _one("SHOW server_version")
    if int(_one("SHOW server_version_num")) < OLDEST:
        return fail(f"PostgreSQL {shown} is too old.", "Install 15 or newer.")
    return ok(f"PostgreSQL {shown} answers.")


def migrations() -> Found:
    """The tables are those of this code."""
    if missing := unapplied():
        first = ", ".join(missing[:3])
        return fail(f"{len(missing)} migrations are not applied: {first}.", "Run `manage.py migrate` as the owner.")
    return ok("Every migration is applied.")


def roles() -> Found:
    """On PostgreSQL the application neither owns the tables nor seals, and row-level security binds it."""
    if connection.vendor != "postgresql":
        return ok("SQLite has no roles.")
    with connection.cursor() as cursor:
        cursor.execute(ROLE)
        is_super, may_bypass = cursor.fetchone()
    if is_super or may_bypass:
        mend = "Name another role in DATABASE_URL: deploy/roles.sql makes it."
        return fail("The role of DATABASE_URL is a superuser or passes row-level security by.", mend)
    if int(_one(OWNED)):
        mend = "Migrate as another role (DATABASE_OWNER_URL): deploy/roles.sql makes it."
        return fail("The role of DATABASE_URL owns tables, so that it can lift their guards.", mend)
    if _one(SEALS) == "True":
        mend = "Set DATABASE_SEALER_URL for the sealer and for `manage.py migrate`, and migrate once."
        return warn("The role of DATABASE_URL may number and sign records itself.", mend)
    return ok("Owner, application and sealer are three roles.")


def guards() -> Found:
    """What keeps records from being changed, and tenants apart, is in the database."""
    if absent := [*ledger_guards.missing(), *walls.missing()]:
        mend = "Run `manage.py migrate` as the owner, then `manage.py verify_chain`."
        return fail(f"{len(absent)} guards are missing: {', '.join(absent[:5])}.", mend)
    return ok("Every guard is in place.")


def cache() -> Found:
    """Limits on sign-in count in the cache, so all processes need the same one."""
    try:
        ask_cache()
    except (NotReady, redis.RedisError, OSError) as error:
        return fail(f"The cache does not work: {error}", "See that Redis runs where REDIS_URL says.")
    if "locmem" in settings.CACHES["default"]["BACKEND"]:
        return warn("Each process has a cache of its own.", NO_REDIS)
    return ok("The cache is shared.")


def queue() -> Found:
    """Redis answers, and never throws a wake-up away."""
    if not settings.REDIS_URL:
        return warn("No queue is set here.", NO_REDIS)
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=3, socket_timeout=3)
    try:
        client.ping()
        policy = client.info("memory").get("maxmemory_policy", "")
    except (redis.RedisError, OSError) as error:
        return fail(f"Redis does not answer: {error}", "See that Redis runs where REDIS_URL says.")
    finally:
        client.close()
    if policy not in ("", "noeviction"):
        return warn(f"Redis evicts ({policy}) when it is full.", "Set its maxmemory-policy to noeviction.")
    return ok("Redis answers.")


def store() -> Found:
    """Files can be taken in."""
    try:
        ask_store()
    except (NotReady, OSError) as error:
        mend = "See that EVIDENCE_STORE is right, and that this account may write there."
        return fail(f"Files cannot be kept: {error}", mend)
    where = settings.EVIDENCE_BUCKET.name if settings.EVIDENCE_BUCKET else settings.EVIDENCE_ROOT
    return ok(f"Files are kept in {where}.")


def disk() -> Found:
    """There is room, also for uploads on their way into a bucket."""
    free = shutil.disk_usage(Path(settings.ASSAY_DATA)).free
    words, mend = f"{free / GB:.1f} GB are free.", f"Make room on the disk of {settings.ASSAY_DATA}."
    if free < ROOM_FAILS:
        return fail(words, mend)
    return warn(words, mend) if free < ROOM_WARNS else ok(words)


def clocks() -> Found:
    """Leases, sessions and records compare this machine's clock with others'."""
    if connection.vendor == "sqlite":
        return ok("The database's clock is this machine's.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
    there = theirs if isinstance(theirs, datetime) else parse_datetime(str(theirs))
    skew = abs((datetime.now(UTC) - there).total_seconds()) if there else 0.0
    words = f"This machine's clock and the database's are {skew:.1f} s apart."
    if skew >= SKEW_WARNS:
        return (fail if skew >= SKEW_FAILS else warn)(words, "Run NTP on both machines.")
    return ok(words)


def _one(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return str(cursor.fetchone()[0])


CHECKS = (database, migrations, roles, guards, cache, queue, store, disk, clocks)
