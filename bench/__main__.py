"""Run benchmarks: `python -m bench [name …]`, all of them without a name; exit 1 when a bar is missed."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent


def main(names: Sequence[str]) -> int:
    """Run the benchmarks named; each is a module whose `main()` prints its table and returns 1 when a bar is missed."""
    known = {file.stem: import_module(f"bench.{file.stem}") for file in sorted(HERE.glob("[!_]*.py"))}
    known = {name: module for name, module in known.items() if hasattr(module, "main")}
    if unknown := set(names) - set(known):
        print(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
        return 2
    missed = []
    for name in names or known:
        print()
        if known[name].main():
            missed.append(name)
    print(f"\nMissed: {', '.join(missed)}" if missed else "\nAll bars kept.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
