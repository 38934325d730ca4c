"""The verbs of work that runs later."""

from jobs.actions.deliver import Topic, deliver, send_waiting
from jobs.actions.enqueue import cancel, enqueue
from jobs.actions.run import run_job
from jobs.actions.sweep import sweep
from jobs.actions.tick import begin, tick

__all__ = ["Topic", "begin", "cancel", "deliver", "enqueue", "run_job", "send_waiting", "sweep", "tick"]
