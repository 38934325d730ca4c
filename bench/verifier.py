"""The verifier in a pack: a million records, by plain Python with nothing around it."""

import hmac
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import file_digest, sha256
from pathlib import Path
from time import perf_counter
from uuid import UUID
from zipfile import ZipFile

from bench.place import ROOT, empty_folder, manage
from bench.table import Row, show

RECORDS = 1_000_000
SECONDS, MEGABYTES = 60.0, 200
SALT = b"s" * 32
TEXT = "Decided in the yearly review: every model we use is bought, and its supplier answers for it."


def main() -> int:
    """Make a pack of the demo, let its log grow to a million records with a text each, and verify it."""
    with empty_folder() as env, tempfile.TemporaryDirectory(prefix="assay-bench-pack-") as place:
        manage("migrate", "--verbosity", "0", env=env)
        manage("load_catalogue", env=env)
        manage("load_demo", env=env)
        folder = Path(place) / "pack"
        manage("make_pack", "--aims", "meridian", "--out", f"{place}/pack.zip", "--no-files", env=env)
        with ZipFile(f"{place}/pack.zip") as archive:
            archive.extractall(folder)
        argv = [sys.executable, "-m", "bench.verifier", "grow", str(folder)]
        subprocess.run(argv, cwd=ROOT, env=env, check=True)
        found = json.loads(
            subprocess.run(
                [sys.executable, "-m", "bench.verifier", "run", str(folder)], cwd=ROOT, check=True, capture_output=True
            ).stdout
        )
    rows = [
        Row("records, and as many texts", f"{RECORDS:,}"),
        Row("verified, by the clock", f"{found['seconds']:.1f} s"),
        Row("verified, on one core", f"{found['cpu']:.1f} s", f"under {SECONDS:.0f} s", found["cpu"] < SECONDS),
        Row("memory", f"{found['megabytes']:.0f} MB", f"under {MEGABYTES} MB", found["megabytes"] < MEGABYTES),
        Row("is sound", "yes" if found["ok"] else found["said"], "yes", found["ok"]),
    ]
    return show((__doc__ or "").strip(), rows)


def run(folder: str) -> None:
    """Run the verifier as an auditor does, as the only child of this process, and print what it took."""
    begun = perf_counter()
    argv = [sys.executable, "-I", f"{folder}/verify.py", "--json"]
    done = subprocess.run(argv, env={}, check=False, capture_output=True)
    seconds = perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = json.loads(done.stdout)["checks"][-1]
    took = {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "megabytes": used.ru_maxrss / 1024}
    print(json.dumps(took | {"ok": said["ok"], "said": said["found"]}))


def grow(folder: Path) -> None:
    """Put copies of one record before the last one, each with an id of its own, and sign the whole anew."""
    chain = folder / "chain"
    bodies = [line.partition(b',"record":')[2][:-1] for line in (chain / "records.jsonl").read_bytes().splitlines()]
    leaves = _write_records(chain, _bodies(bodies))
    _write_texts(chain / "texts.jsonl", len(bodies))
    _sign(folder, leaves)


def _write_records(chain: Path, bodies: Iterator[bytes]) -> list[bytes]:
    found = []
    with (chain / "leaves.txt").open("wb") as leaves, (chain / "records.jsonl").open("wb") as records:
        for number, body in enumerate(bodies, 1):
            found.append(sha256(b"\x00" + body).digest())
            leaves.write(found[-1].hex().encode() + b"\n")
            records.write(b'{"number":%d,"record":%s}\n' % (number, body))
    return found


def _write_texts(path: Path, last: int) -> None:
    texts = [json.loads(line) for line in path.read_bytes().splitlines()]
    with path.open("wb") as file:
        file.writelines(_canonical(text) + b"\n" for text in texts if text["number"] < last)
        for number in range(last, RECORDS):
            text = {"field": "rationale", "number": number, "salt": SALT.hex(), "text": TEXT}
            file.write(_canonical(text) + b"\n")
        file.writelines(_canonical(text | {"number": RECORDS}) + b"\n" for text in texts if text["number"] == last)


def _sign(folder: Path, leaves: list[bytes]) -> None:
    import django  # noqa: PLC0415  (only the child, which has a data folder of its own, may load Django)

    django.setup()
    from ledger.keys import private_of  # noqa: PLC0415
    from ledger.merkle import root_of  # noqa: PLC0415
    from ledger.models import LogKey  # noqa: PLC0415
    from ledger.notes import Head, signed  # noqa: PLC0415

    row = LogKey.unscoped.get()
    for old in (folder / "chain" / "checkpoints").iterdir():
        old.unlink()
    note = signed(Head(row.name, len(leaves), root_of(leaves)).text, row.name, private_of(row))
    (folder / "chain" / "checkpoints" / f"{len(leaves):012d}.txt").write_text(note)
    about = json.loads((folder / "pack.json").read_bytes()) | {"records": len(leaves)}
    (folder / "pack.json").write_bytes(_canonical(about))
    manifest = folder / "MANIFEST.txt"
    head = manifest.read_text().split("\n")[:4]
    files = [path for path in folder.rglob("*") if path.is_file() and path != manifest]
    lines = sorted((_listed(path, folder) for path in files), key=lambda line: line.split(" ", 2)[2])
    text = "\n".join([*head, f"files {len(lines)}", *lines]) + "\n"
    manifest.write_text(signed(text, row.name, private_of(row)))


def _listed(path: Path, folder: Path) -> str:
    with path.open("rb") as file:
        return f"{file_digest(file, 'sha256').hexdigest()} {path.stat().st_size} {path.relative_to(folder).as_posix()}"


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _bodies(bodies: list[bytes]) -> Iterator[bytes]:
    yield from bodies[:-1]
    told = next(json.loads(body) for body in bodies if b'"type":"soa.amended"' in body)
    told["decision"]["rationale_commitment"] = hmac.new(SALT, TEXT.encode(), "sha256").hexdigest()
    told["event_id"] = "EVENT"
    before, after = _canonical(told).decode().split("EVENT")
    for number in range(RECORDS - len(bodies)):
        yield f"{before}{UUID(int=number)}{after}".encode()
    yield bodies[-1]


if __name__ == "__main__":
    {"grow": lambda place: grow(Path(place)), "run": run}[sys.argv[1]](sys.argv[2])
