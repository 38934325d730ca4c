"""Run benchmarks: `python -m bench [name …]`, all of them without a name; exit 1 when a bar is missed."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from bench.table import Row, show

HERE = Path(__file__).parent


def main(names: Sequence[str]) -> int:
    """Run the benchmarks named, each a module with `main()` that returns its rows, and print a table for each."""
    known = {file.stem: import_module(f"bench.{file.stem}") for file in sorted(HERE.glob("[!_]*.py"))}
    known = {name: module for name, module in known.items() if hasattr(module, "main")}
    if unknown := set(names) - set(known):
        print(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
        return 2
    kept = True
    for name in names or known:
        rows: list[Row] = known[name].main()
        show((known[name].__doc__ or name).splitlines()[0], rows)
        kept = kept and all(row.is_kept for row in rows)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
