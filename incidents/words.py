"""The words of incidents that are no table: states and their moves, kinds, facts that duties hang on, containment."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What went wrong."""

    PERSONS = "persons", _("Harm to persons")
    DISCRIMINATION = "discrimination", _("Discrimination")
    PRIVACY = "privacy", _("Privacy")
    SECURITY = "security", _("Security")
    OUTPUT = "output", _("Wrong output")
    AVAILABILITY = "availability", _("Availability")
    MISUSE = "misuse", _("Misuse")
    NEAR_MISS = "near-miss", _("Near miss")


class Happened(models.TextChoices):
    """Facts that a duty to notify hangs on."""

    DEATH = "death", _("A person died")
    HEALTH = "health", _("A person's health was seriously harmed")
    INFRASTRUCTURE = "infrastructure", _("Critical infrastructure was seriously and irreversibly disrupted")
    RIGHTS = "rights", _("A law that protects fundamental rights was broken")
    PROPERTY = "property", _("Property or the environment was seriously harmed")
    WIDESPREAD = "widespread", _("People in several countries of the EU are affected in the same way")
    BREACH = "breach", _("Personal data was lost, altered, disclosed or seen without a right to")
    HIGH_RISK = "high-risk", _("The people whose data it is are at high risk")


class State(models.TextChoices):
    """Where an incident stands."""

    REPORTED = "reported", _("Reported")
    TRIAGED = "triaged", _("Triaged")
    CONTAINED = "contained", _("Contained")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


OPEN = (State.REPORTED, State.TRIAGED, State.CONTAINED, State.RESOLVED)
MOVES: dict[str, tuple[State, ...]] = {
    State.REPORTED: (State.TRIAGED,),
    State.TRIAGED: (State.CONTAINED,),
    State.CONTAINED: (State.RESOLVED,),
    State.RESOLVED: (State.CLOSED, State.CONTAINED),
    State.CLOSED: (State.CONTAINED,),
}
MARKS: dict[str, tuple[str, str]] = {
    State.REPORTED: ("due", "warn"),
    State.TRIAGED: ("warn", "bad"),
    State.CONTAINED: ("half", "info"),
    State.RESOLVED: ("half", "info"),
    State.CLOSED: ("done", "ok"),
}


class Means(models.TextChoices):
    """How the harm was kept from going on."""

    SUSPEND = "suspend", _("Suspend the system")
    FALL_BACK = "fall-back", _("Fall back to the next model of the record")
    LIMIT = "limit", _("Limit what it may do or who may use it")
    NONE = "none", _("Nothing to contain")


class Standing(models.TextChoices):
    """Where a duty to notify stands."""

    DUE = "due", _("Due")
    SENT = "sent", _("Sent")
    NOT_DUE = "not-due", _("Not due")
    LAPSED = "lapsed", _("No longer applies")


class Outcome(models.TextChoices):
    """How a drill went."""

    WORKED = "worked", _("Worked")
    PARTLY = "partly", _("Worked in part")
    FAILED = "failed", _("Did not work")
