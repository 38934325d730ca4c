"""Eight writers at once on PostgreSQL, each transaction held open for 20 ms: what the chain leaves of throughput."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep

from bench.place import ROOT
from bench.table import Row, show
from ops.installations import installation
from ops.postgres import find_programs, private_postgres

WRITERS, SECONDS, HELD, SHARE = 8, 8.0, 0.02, 0.5
MODES = ("without", "with", "with", "without")


def main() -> int:
    """Let the writers run without their records and with them, the sealer beside them; a start and stop for each."""
    title = (__doc__ or "").strip()
    if find_programs() is None:
        return show(title, [Row("PostgreSQL", "is not installed: not measured")])
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="assay-bench-"))
        env = stack.enter_context(installation(Path(folder), stack.enter_context(private_postgres())))
        aims, user = _run(env, "found").split()
        counts = {"with": 0, "without": 0}
        for mode in MODES:
            counts[mode] += _crowd(env, mode, aims, user)
        seen = json.loads(_run(env, "look", aims))
    each = {mode: count / SECONDS / MODES.count(mode) for mode, count in counts.items()}
    share = each["with"] / each["without"]
    rows = [
        Row("writes a second without records", f"{each['without']:.0f}"),
        Row("writes a second with records", f"{each['with']:.0f}"),
        Row("what is kept", f"{share:.0%}", f"at least {SHARE:.0%}", share >= SHARE),
        Row("records numbered without a gap", str(seen["size"]), "all", seen["waiting"] == 0 and not seen["fault"]),
    ]
    return show(title, rows)


def _crowd(env: Mapping[str, str], mode: str, aims: str, user: str) -> int:
    """Start writers and sealer, wait for all to be ready, let them go at one instant, and add up what they did."""
    with tempfile.TemporaryDirectory() as place:
        go = Path(place) / "go"
        names = [f"{mode}{number}{int(monotonic() * 1000) % 1_000_000}" for number in range(WRITERS)]
        writers = [_start(env, "write", mode, aims, user, name, str(go)) for name in names]
        sealer = _start(env, "seal")
        for writer in writers:
            _ = writer.stdout and writer.stdout.readline()
        go.touch()
        done = [writer.communicate()[0] for writer in writers]
        sealer.kill()
        sealer.wait()
    return sum(int(text) for text in done)


def _start(env: Mapping[str, str], *words: str) -> "subprocess.Popen[str]":
    argv = [sys.executable, "-m", "bench.writers", *words]
    return subprocess.Popen(argv, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def _run(env: Mapping[str, str], *words: str) -> str:
    argv = [sys.executable, "-m", "bench.writers", *words]
    return subprocess.run(argv, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout


def found() -> None:
    """Make the organisation that all of them write in."""
    from accounts.models import User
    from aims.actions import found

    aims, actor = found("Bench", founder=User.objects.create_user("b@example.org"), roles_played=["provider"])
    print(aims.pk, actor.user_id)


def write(mode: str, aims_id: str, user_id: str, name: str, go: str) -> None:
    """Edit an obligation of one's own again and again; each transaction stays open for 20 ms after its record."""
    from django.db import connection

    from accounts.context import acting_in
    from accounts.models import User
    from aims.actions import Duty, edit_obligation, oblige
    from aims.models import Aims
    from aims.queries import actor_for
    from bench.ledger import recording

    aims = Aims.objects.get(pk=int(aims_id))
    actor = actor_for(User.objects.get(pk=int(user_id)), aims, auth_method="password")
    with acting_in(aims, actor):
        row = oblige(Duty(kind="law", title=name), actor=actor)
    print("ready", flush=True)
    while not Path(go).exists():
        sleep(0.005)
    count, end = 0, monotonic() + SECONDS
    with recording("aims.actions.edit_obligation", is_on=mode == "with"):
        while monotonic() < end:
            with acting_in(aims, actor), connection.cursor() as cursor:
                duty = Duty(kind="law", title=f"{name} {count}", text="x" * 200)
                row = edit_obligation(row, duty, seen=row.version, actor=actor)
                cursor.execute("SELECT pg_sleep(%s)", [HELD])
            count += 1
    print(count)


def seal() -> None:
    """Number and sign each second, as the ticker does."""
    from ledger.actions import seal_waiting, sign_grown

    while True:
        seal_waiting()
        sign_grown()
        sleep(1)


def look(aims_id: str) -> None:
    """Say what became of the records."""
    from ledger.actions import seal_all
    from ledger.models import Log, Waiting
    from ledger.verify import verify

    seal_all(int(aims_id), wait=True)
    verdict = verify(Log.unscoped.get(aims_id=int(aims_id)))
    print(json.dumps({"size": verdict.size, "fault": verdict.fault, "waiting": Waiting.unscoped.count()}))


if __name__ == "__main__":
    import django

    django.setup()
    {"found": found, "write": write, "seal": seal, "look": look}[sys.argv[1]](*sys.argv[2:])
