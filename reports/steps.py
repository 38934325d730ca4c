"""How far a job is, as its list item shows it: steps done, current and next, and the mark of its state."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from jobs.models import Job, JobState

Plan = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the work: done, current or next."""

    state: str
    glyph: str
    tone: str
    said: str
    text: str


def steps_of(job: Job, plan: Plan) -> tuple[StepLine, ...]:
    """Return a line for each step of the plan, which names it and says at which percentage it ends."""
    current = next((index for index, (_name, end) in enumerate(plan) if job.progress < end), len(plan) - 1)
    return tuple(_step(job, index, current, name) for index, (name, _end) in enumerate(plan))


def mark_of(state: JobState, *, is_ready: bool, ready: str = "done") -> tuple[str, str]:
    """Return glyph and tone of what a job makes."""
    if is_ready:
        return ready, "ok"
    if state in (JobState.FAILED, JobState.DEAD):
        return "bad", "bad"
    return ("na", "none") if state == JobState.CANCELLED else ("half", "info")


def error_of(job: Job) -> str:
    """Return why nothing was made, empty when somebody cancelled it."""
    if job.state == JobState.CANCELLED:
        return ""
    return job.error or _("It failed without saying why.")


def _step(job: Job, index: int, current: int, name: str) -> StepLine:
    if index < current:
        return StepLine("done", "done", "ok", _("Done"), name)
    if index > current or job.state == JobState.QUEUED:
        return StepLine("next", "none", "none", _("Next"), name)
    return StepLine("current", "half", "info", _("Running"), job.step or name)
