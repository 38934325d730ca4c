"""The verbs of what follows: derive it at every edit, and again when the rules are new."""

from systems.applying.actions.derive import derive, derive_all, on_edit

__all__ = ["derive", "derive_all", "on_edit"]
