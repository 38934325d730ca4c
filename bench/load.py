"""Eight people at work for minutes, in 200 organisations with 100,000 items of evidence and 1,000,000 history rows.

They read four times and write once, a second apart. LOAD_MINUTES (10), LOAD_SCALE (1.0) and LOAD_ON (postgres,sqlite)
make it shorter and smaller while one works on it; `make load` runs all of it.
"""

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep

from bench.place import ROOT, manage
from bench.table import Row, show
from ops import redis, services
from ops.installations import installation
from ops.places import Order
from ops.postgres import find_programs, private_postgres
from ops.processes import Process, end, spawn
from ops.run import wait_until_healthy

PEOPLE, AIMS, EVIDENCE, HISTORY = 8, 200, 100_000, 1_000_000
BAR_MS, BAR_MEMORY, BAR_GROWTH = 150.0, 150.0, 1.1
READS = ("workbench", "overview", "evidence list", "trace", "ledger")
WARM = 0.2


def main() -> int:
    """Measure on both databases; 1 when a bar is missed on PostgreSQL, whose bars these are."""
    minutes, scale = float(os.environ.get("LOAD_MINUTES", "10")), float(os.environ.get("LOAD_SCALE", "1"))
    wanted = os.environ.get("LOAD_ON", "postgres,sqlite").split(",")
    missed = 0
    if "postgres" in wanted:
        with ExitStack() as stack:
            if find_programs() is None:
                return show("Eight people at work on PostgreSQL", [Row("PostgreSQL", "is not installed")])
            missed = _measure("PostgreSQL", stack.enter_context(private_postgres()), minutes, scale)
    if "sqlite" in wanted:
        missed |= _measure("SQLite", None, minutes, scale)
    return missed


def _measure(name: str, servers: Mapping[str, str] | None, minutes: float, scale: float) -> int:
    title = f"Eight people at work on {name}, for {minutes:g} minutes"
    with tempfile.TemporaryDirectory(prefix="assay-load-") as folder, installation(Path(folder), servers) as env:
        numbers = (("--aims", AIMS), ("--evidence", EVIDENCE), ("--history", HISTORY))
        began = monotonic()
        manage("seed_scale", *(word for flag, whole in numbers for word in (flag, str(int(whole * scale)))), env=env)
        seeded = monotonic() - began
        with _serving(env, Path(folder)) as (order, web):
            table, memory = _at_work(order, web, minutes, Path(folder))
    rows = [Row("seeding", f"{seeded:.0f} s"), *_answers(table), *_memory(memory)]
    return show(title, rows)


@contextmanager
def _serving(env: Mapping[str, str], folder: Path) -> Iterator[tuple[Order, Process]]:
    """Serve it as `make run` does: a private Redis, two web workers, a worker, the ticker."""
    private = redis.prepare(redis.find_server(), folder)
    order = Order(port=redis.free_port(), data=folder, web_workers=2, redis_url=private.url)
    with (folder / "output.log").open("wb") as log:
        started = [spawn(private.argv, env=dict(env), cwd=private.folder, output=log)]
        while not private.answers():
            sleep(0.1)
        ours = dict(env) | {"REDIS_URL": private.url, "PORT": str(order.port)}
        web = spawn(services.web(order).argv, env=ours, output=log)
        started += [web, *(spawn(one.argv, env=ours | one.extra, output=log) for one in _beside())]
        try:
            wait_until_healthy(order, web)
            yield order, web
        finally:
            end(started[::-1], grace=8)


def _beside() -> tuple[services.Service, ...]:
    return (services.worker(), services.ticker())


def _at_work(
    order: Order, web: Process, minutes: float, folder: Path
) -> tuple[dict[str, dict[str, str]], list[dict[int, float]]]:
    """Let locust run, and look at the memory of the web workers meanwhile; return its table and what was seen."""
    options = (
        "--headless",
        "--only-summary",
        "-u",
        str(PEOPLE),
        "-r",
        str(PEOPLE),
        "--run-time",
        f"{minutes * 60:.0f}s",
    )
    argv = [sys.executable, "-m", "locust", "-f", str(ROOT / "bench" / "_mix.py"), *options]
    env = dict(os.environ) | {"ASSAY_SIGN_INS": str(folder / "scale-sign-in.txt")}
    with (folder / "locust.log").open("wb") as log:
        locust = subprocess.Popen(
            [*argv, "--host", order.address, "--csv", str(folder / "seen"), "--exit-code-on-error", "0"],
            cwd=folder,
            env=env,
            stdout=log,
            stderr=log,
        )
        seen = []
        while locust.poll() is None:
            seen.append(_resident(web.pid))
            sleep(2)
    with (folder / "seen_stats.csv").open(encoding="utf-8") as file:
        return {row["Name"]: row for row in csv.DictReader(file)}, seen


def _resident(master: int) -> dict[int, float]:
    """MiB of each web worker, by process."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            about = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if about.get("PPid", "").strip() == str(master) and "VmRSS" in about:
            found[int(status.parent.name)] = int(about["VmRSS"].split()[0]) / 1024
    return found


def _answers(table: Mapping[str, Mapping[str, str]]) -> list[Row]:
    rows = []
    for name, row in sorted(table.items(), key=lambda item: item[0] not in READS):
        p95, failed = float(row["95%"] or 0), int(row["Failure Count"])
        words = f"{int(row['Request Count'])} requests, median {row['50%']} ms, p95 {p95:.0f} ms, {failed} failed"
        is_barred = name in READS
        bar = f"p95 under {BAR_MS:.0f} ms, none failed" if is_barred else "none failed"
        rows.append(Row(name, words, bar, failed == 0 and (not is_barred or p95 < BAR_MS)))
    return rows


def _memory(seen: list[dict[int, float]]) -> list[Row]:
    """The most that one web worker held, and how much of it came after the first fifth of the time."""
    if not any(seen):
        return [Row("memory of a web worker", "not measured here")]
    warm = seen[int(len(seen) * WARM)]
    most = max(max(each.values()) for each in seen if each)
    growth = max(seen[-1].get(pid, 0) / mib for pid, mib in warm.items()) if warm else 1
    return [
        Row("memory of a web worker, at most", f"{most:.0f} MiB", f"under {BAR_MEMORY:.0f} MiB", most < BAR_MEMORY),
        Row("its growth after the first fifth", f"x {growth:.2f}", f"at most {BAR_GROWTH}", growth <= BAR_GROWTH),
    ]


if __name__ == "__main__":
    sys.exit(main())
