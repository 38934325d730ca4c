"""Thin doors for what runs by itself."""

from evidence.store import store


def sweep_incoming() -> None:
    """Remove what killed processes left on its way in."""
    store().sweep()
