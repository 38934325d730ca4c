"""Where the story is played: people by name, things by code, and acts in the order of time."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from aims.models import Aims
from aims.queries import actor_for
from assessments.models import Assessment
from controls.models import Requirement
from desk.demo.script import Calendar
from systems.models import AiSystem


@dataclass(frozen=True, slots=True)
class Act:
    """One act of one person at one instant."""

    at: datetime
    who: str
    do: Callable[[Actor], object]


@dataclass
class Stage:
    """What the acts share."""

    aims: Aims
    calendar: Calendar
    people: dict[str, User]
    _actors: dict[str, Actor] = field(default_factory=dict)
    _requirements: dict[str, Requirement] = field(default_factory=dict)

    def at(self, told: str) -> datetime:
        """The instant of a time of the story."""
        return self.calendar.instant(told)

    def day(self, told: date | None) -> date | None:
        """The real date of a date of the story."""
        return self.calendar.day(told)

    def text(self, told: str) -> str:
        """A text with its dates and codes filled in, as far as they exist when the act is played."""
        return self.calendar.text(told, self.assessment_code)

    def actor(self, name: str) -> Actor:
        """The person with their authorities, on a request of its own."""
        if name not in self._actors:
            actor = actor_for(self.people[name], self.aims, auth_method="password")
            assert actor is not None, name  # noqa: S101  (everybody of the story holds a role)
            self._actors[name] = actor
        return replace(self._actors[name], request_id=uuid4().hex)

    def requirement(self, code: str) -> Requirement:
        """A control or clause by its id."""
        if code not in self._requirements:
            self._requirements |= {row.code: row for row in Requirement.objects.all()}
        return self._requirements[code]

    def system(self, code: str) -> AiSystem:
        """A system as it stands now."""
        return AiSystem.objects.get(code=code)

    def assessment(self, system: str) -> Assessment:
        """The newest edition of a system's assessment."""
        return Assessment.objects.filter(system__code=system).order_by("-pk")[0]

    def assessment_code(self, system: str) -> str:
        """The code that a system's assessment got."""
        return self.assessment(system).code

    def reasons(self, told: Iterable[str]) -> list[str]:
        """Reason codes with what they point at; `IA SYS-02` points at that system's assessment."""
        return [self._reason(text) for text in told]

    def _reason(self, text: str) -> str:
        code, _space, system = text.partition(" ")
        return f"IA {self.assessment(system).ref}" if code == "IA" else text


def play(stage: Stage, acts: Iterable[Act]) -> int:
    """Play the acts by their time, none of them later than now, and return how many."""
    now = clock.now()
    ordered = sorted(acts, key=lambda act: act.at)
    for act in ordered:
        with ExitStack() as held:
            held.enter_context(clock.standing_at(min(act.at, now)))
            act.do(stage.actor(act.who))
    return len(ordered)


def some(**fields: Any) -> dict[str, Any]:
    """Return the fields that are told."""
    return {name: value for name, value in fields.items() if value is not None}
