"""The stages of the vocabulary and which may follow which, as data."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Life-cycle stages of the vocabulary."""

    INCEPTION = "inception", _("Inception")
    DESIGN = "design", _("Design and development")
    VERIFICATION = "verification", _("Verification and validation")
    DEPLOYMENT = "deployment", _("Deployment")
    OPERATION = "operation", _("Operation and monitoring")
    REEVALUATION = "re-evaluation", _("Re-evaluation")
    SUSPENDED = "suspended", _("Suspended")
    RETIRED = "retired", _("Retired")


EARLY = (Stage.INCEPTION, Stage.DESIGN, Stage.VERIFICATION)
SIGNED = (Stage.DEPLOYMENT, Stage.OPERATION)
GATED = (Stage.DESIGN, Stage.VERIFICATION, *SIGNED)
TRACK = (*EARLY, *SIGNED, Stage.REEVALUATION)

FOLLOWS: dict[str, tuple[Stage, ...]] = {
    Stage.INCEPTION: (Stage.DESIGN, Stage.RETIRED),
    Stage.DESIGN: (Stage.VERIFICATION, Stage.INCEPTION, Stage.RETIRED),
    Stage.VERIFICATION: (Stage.DEPLOYMENT, Stage.DESIGN, Stage.RETIRED),
    Stage.DEPLOYMENT: (
        *(Stage.OPERATION, Stage.VERIFICATION, Stage.DESIGN),
        *(Stage.REEVALUATION, Stage.SUSPENDED, Stage.RETIRED),
    ),
    Stage.OPERATION: (Stage.REEVALUATION, Stage.SUSPENDED, Stage.RETIRED),
    Stage.REEVALUATION: (Stage.OPERATION, Stage.VERIFICATION, Stage.DESIGN, Stage.SUSPENDED, Stage.RETIRED),
    Stage.SUSPENDED: (Stage.OPERATION, Stage.REEVALUATION, Stage.RETIRED),
    Stage.RETIRED: (Stage.INCEPTION, Stage.REEVALUATION),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A move from one stage to another, and what it takes."""

    start: str
    end: str

    @property
    def is_known(self) -> bool:
        """Whether the second stage may follow the first."""
        return self.end in FOLLOWS.get(self.start, ())

    @property
    def is_forward(self) -> bool:
        """Whether it leads nearer to operation, which is what gates are for."""
        return self.end in GATED and (self.start not in TRACK or TRACK.index(Stage(self.end)) > self._place)

    @property
    def is_gated(self) -> bool:
        """Whether anything is asked before it: on the way to operation, and on every way back into it."""
        return self.end in SIGNED or self.is_forward

    @property
    def needs_signatures(self) -> bool:
        """Whether other people have to sign."""
        return self.end in SIGNED

    @property
    def needs_reason(self) -> bool:
        """Whether an auditor will ask why: everything that does not simply lead on."""
        return not self.is_forward or self.start not in (*EARLY, Stage.DEPLOYMENT)

    @property
    def _place(self) -> int:
        return TRACK.index(Stage(self.start)) if self.start in TRACK else -1


def ways_from(stage: str) -> tuple[Way, ...]:
    """Return every way that leads on from a stage, the way forward first."""
    return tuple(Way(stage, end) for end in FOLLOWS.get(stage, ()))
