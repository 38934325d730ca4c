"""What pages of systems and of policies show of results."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import current_aims_id
from aims.models import Aims
from policies.ports import Failing, Standing, Subjects
from policies.stages import is_due
from systems.judging.models import JudgedSystem, OutcomeState
from systems.judging.queries import NOT_JUDGED, Result, latest_results, newest
from systems.models import AiSystem, Stage
from systems.ports import Shown

MOST = 50
CHOICES = 500
MARKS = {
    OutcomeState.PASSED: ("ok", "done"),
    OutcomeState.FAILED: ("bad", "bad"),
    OutcomeState.ERROR: ("bad", "warn"),
    NOT_JUDGED: ("none", "none"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One policy on the page of a system, ready to print."""

    name: str
    title: str
    address: str
    controls: tuple[str, ...]
    tone: str
    glyph: str
    state: str
    messages: tuple[str, ...]
    version: int
    judged_at: datetime | None


def lines(system: AiSystem, at: datetime | None = None) -> tuple[Line, ...]:
    """Return every policy with what it says about a system: what fails first, what is not due last; two queries."""
    slug = system.aims.slug
    found = [_line(result, system, slug) for result in latest_results(system, at)]
    order = ("bad", "warn", "none", "done", "na")
    return tuple(sorted(found, key=lambda line: (order.index(line.glyph), line.name)))


def _line(result: Result, system: AiSystem, slug: str) -> Line:
    tone, glyph = MARKS[result.state]
    state = str(OutcomeState(result.state).label) if result.state != NOT_JUDGED else _("Not judged yet")
    messages = result.messages
    if not is_due(result.due_from, system.stage):
        tone, glyph = "none", "na"
        state = _("Due from %s") % Stage(result.due_from).label
    address = reverse("policies:detail", args=[slug, result.policy])
    controls, version = result.controls, result.policy_version
    return Line(result.policy, result.title, address, controls, tone, glyph, state, messages, version, result.judged_at)


def section(system: AiSystem, at: datetime | None, _actor: Actor) -> Iterator[Shown]:
    """Show on the page of a system how many policies it passes, and each that it does not; two queries."""
    found = [line for line in lines(system, at) if line.glyph != "na"]
    if not found:
        return
    counts = Counter(line.glyph for line in found)
    said = {"passed": counts["done"], "all": len(found)}
    aside = _("%(passed)d of %(all)d pass") % said
    context = {
        "lines": tuple(line for line in found if line.glyph != "done"),
        "address": reverse("judging:system", args=[system.aims.slug, system.code]),
        "passed": counts["done"],
    }
    yield Shown("policies", _("Policy checks"), "systems/judging/shown.html", context, aside)


def standings() -> Mapping[int, Standing]:
    """Return how many systems each policy passes and fails; two queries."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = newest().exclude(system__stage=Stage.RETIRED).order_by().values("policy_id", "state")
    for policy, state, count in rows.annotate(n=Count("pk")).values_list("policy_id", "state", "n"):
        counts[policy][state] = count
    at = JudgedSystem.objects.aggregate(at=Max("run__finished_at"))["at"] if counts else None
    return {
        policy: Standing(
            said.get(OutcomeState.PASSED, 0), said.get(OutcomeState.FAILED, 0), said.get(OutcomeState.ERROR, 0), at
        )
        for policy, said in counts.items()
    }


def failing(policy: int) -> tuple[Iterable[Failing], int]:
    """Return the first systems that a policy does not pass, by code, and how many there are; three queries."""
    rows = newest(policy=policy).exclude(state=OutcomeState.PASSED).exclude(system__stage=Stage.RETIRED)
    slug = Aims.objects.values_list("slug", flat=True).get(pk=current_aims_id())
    found = rows.order_by("system__code").values_list("system__code", "system__name", "state", "messages")
    shown = [
        Failing(code, name, reverse("systems:detail", args=[slug, code]), state == OutcomeState.ERROR, tuple(said))
        for code, name, state, said in found[:MOST]
    ]
    return shown, rows.count() if len(shown) == MOST else len(shown)


def choices() -> list[tuple[str, str]]:
    """Return the systems that a text can be tried on, by code."""
    rows = AiSystem.objects.exclude(stage=Stage.RETIRED).order_by("code").values_list("code", "name")
    return [(code, f"{code} {name}") for code, name in rows[:CHOICES]]


def record(code: str) -> dict[str, Any] | None:
    """Return the record of a system."""
    return AiSystem.objects.filter(code=code).values_list("record", flat=True).first()


def address(slug: str) -> str:
    """Return where all systems are judged."""
    return reverse("judging:runs", args=[slug])


SUBJECTS = Subjects(standings, failing, choices, record, address)
