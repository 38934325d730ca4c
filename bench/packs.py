"""A certification pack with a thousand files of 1 MB, against `cp` and `sha256sum` on the same files."""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from bench.place import ROOT, empty_folder, manage
from bench.table import Row, show

FILES, SIZE = 1_000, 1_000_000
SHARE, MEGABYTES = 0.5, 150


def main() -> int:
    """Give the demo a thousand files, then write a pack and copy and hash the files, turn about."""
    with empty_folder() as env, tempfile.TemporaryDirectory(prefix="assay-bench-pack-") as place:
        manage("migrate", "--verbosity", "0", env=env)
        manage("load_catalogue", env=env)
        manage("load_demo", env=env)
        _child(env, "give")
        peer, ours = [], []
        for number in range(2):
            ours.append(json.loads(_child(env, "write", f"{place}/{number}.zip")))
            peer.append(_copied(Path(env["ASSAY_DATA"]) / "files", Path(place) / f"copy{number}"))
    seconds, copied = min(found["seconds"] for found in ours), min(peer)
    megabytes = max(found["megabytes"] for found in ours)
    whole = FILES * SIZE / 1e6
    rows = [
        Row("cp and sha256sum", f"{copied:.2f} s, {whole / copied:.0f} MB/s"),
        Row("the pack, with its chain, proofs and own hash", f"{seconds:.2f} s, {whole / seconds:.0f} MB/s"),
        Row("ratio", f"{copied / seconds:.2f}", f"at least {SHARE}", copied / seconds >= SHARE),
        Row("reading, laying out and signing before that", f"{min(found['before'] for found in ours):.2f} s"),
        Row("memory beside the renderer", f"{megabytes:.0f} MB", f"under {MEGABYTES} MB", megabytes < MEGABYTES),
    ]
    return show((__doc__ or "").strip(), rows)


def _child(env: dict[str, str], *words: str) -> str:
    argv = [sys.executable, "-m", "bench.packs", *words]
    return subprocess.run(argv, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def _copied(source: Path, target: Path) -> float:
    files = [str(path) for path in source.rglob("*") if path.is_file() and path.stat().st_size == SIZE]
    target.mkdir()
    begun = perf_counter()
    subprocess.run(["cp", "--", *files, str(target)], check=True)
    subprocess.run(["sha256sum", "--", *files], check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - begun


def give() -> None:
    """Give the files as evidence of one control after another."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from accounts.actor import service
    from accounts.context import acting_in
    from aims.models import Aims
    from evidence.actions import Content, give_evidence
    from evidence.intake import taken_in

    aims, actor = Aims.objects.get(slug="meridian"), service("bench")
    with acting_in(aims, actor):
        for number in range(FILES):
            upload = SimpleUploadedFile(f"run-{number}.bin", os.urandom(SIZE))
            with taken_in([upload]) as files:
                give_evidence(Content(files=files), actor=actor, title=f"Run {number}")


def write(out: str) -> None:
    """Write one pack, and print the seconds and the most memory that this process took."""
    from accounts.actor import service
    from accounts.context import acting_in
    from aims.models import Aims
    from reports import packing
    from reports.actions.pack import ask_pack
    from reports.pack.selection import Selection

    def quiet(_percent: int, _step: str) -> None:
        """Say nothing on the way."""

    aims, actor = Aims.objects.get(slug="meridian"), service("bench")
    begun = perf_counter()
    with acting_in(aims, actor):
        pack = ask_pack(aims, Selection(), actor=actor, queued=False)
    settled = packing.settle(pack, aims, quiet, actor=actor)
    ready = perf_counter()
    with Path(out).open("w+b") as file:
        packing.write(settled, file, quiet)
    found = {"before": ready - begun, "seconds": perf_counter() - ready}
    print(json.dumps(found | {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    import django

    django.setup()
    {"give": give, "write": write}[sys.argv[1]](*sys.argv[2:])
