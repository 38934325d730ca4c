"""The verbs of work that runs later."""

from jobs.actions.beat import Pulse, mark_of_secrets, note_backup
from jobs.actions.deliver import Topic, deliver, send_waiting
from jobs.actions.enqueue import cancel, enqueue
from jobs.actions.run import run_job
from jobs.actions.sweep import sweep
from jobs.actions.tick import begin, tick

__all__ = [
    "Pulse",
    "Topic",
    "begin",
    "cancel",
    "deliver",
    "enqueue",
    "mark_of_secrets",
    "note_backup",
    "run_job",
    "send_waiting",
    "sweep",
    "tick",
]
