"""The verbs of the thread."""

from trace.actions.ask_to_verify import ask_to_verify

__all__ = ["ask_to_verify"]
