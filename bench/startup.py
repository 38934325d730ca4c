"""From an empty folder: migrations and catalogue, each a fresh process."""

from time import perf_counter

from bench.place import empty_folder, manage
from bench.table import Row, show

SECONDS = 10.0


def main() -> int:
    """Time what a first start does before the server comes up."""
    with empty_folder() as env:
        begun = perf_counter()
        manage("migrate", "--verbosity", "0", env=env)
        migrated = perf_counter()
        manage("load_catalogue", env=env)
        loaded = perf_counter()
        manage("migrate", "--verbosity", "0", env=env)
        again = perf_counter()
    whole = loaded - begun
    rows = [
        Row("migrations", f"{migrated - begun:.2f} s"),
        Row("catalogue", f"{loaded - migrated:.2f} s"),
        Row("both", f"{whole:.2f} s", f"under {SECONDS:.0f} s (peer: 226 s)", whole < SECONDS),
        Row("migrations again, nothing to do", f"{again - loaded:.2f} s"),
    ]
    return show((__doc__ or "").strip(), rows)
