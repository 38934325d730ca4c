"""The verbs of the thread."""

from trace.actions.ask_to_verify import ask_to_verify
from trace.actions.send_checkpoint import NotAnAuditor, send_checkpoint

__all__ = ["NotAnAuditor", "ask_to_verify", "send_checkpoint"]
