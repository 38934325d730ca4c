"""The verbs of the thread."""

from trace.actions.ask_to_verify import ask_to_verify
from trace.actions.erase import erase_text
from trace.actions.resume import resume_log
from trace.actions.rotate import rotate_key
from trace.actions.send_checkpoint import NotAnAuditor, send_checkpoint
from trace.actions.set_aside import set_aside
from trace.actions.sign import sign_now

__all__ = [
    "NotAnAuditor",
    "ask_to_verify",
    "erase_text",
    "resume_log",
    "rotate_key",
    "send_checkpoint",
    "set_aside",
    "sign_now",
]
