"""The table as people read it: `python -m tests.matrix.table` prints which role may what at every address."""

import os

import django

READS, WRITES, BOTH, NEITHER = "r", "+", "*", "-"


def table() -> str:
    """One line a route and one mark a role: `r` reads, `+` writes, `*` both, `-` neither."""
    from accounts.roles import Role  # noqa: PLC0415  (Django is set up first)
    from tests.matrix.urls import INSIDE  # noqa: PLC0415
    from tests.routes import ROUTES  # noqa: PLC0415

    lines = [f"{'route':34}" + " ".join(role.value[:9].ljust(9) for role in Role)]
    for name in sorted(INSIDE & ROUTES.keys()):
        route = ROUTES[name]
        marks = [_mark(route.gets and role in route.readers, role in route.writers) for role in Role]
        lines.append(f"{name:34}" + " ".join(mark.ljust(9) for mark in marks).rstrip())
    return "\n".join(lines)


def _mark(reads: bool, writes: bool) -> str:
    return (BOTH if writes else READS) if reads else (WRITES if writes else NEITHER)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(table())  # noqa: T201
