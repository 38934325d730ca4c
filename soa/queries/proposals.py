"""What facts of AI systems in scope and roles played speak for, beside what is linked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aims.models import Aims
from aims.vocabulary import AiRole
from soa.models import Reason
from systems.applying.evaluate import rules
from systems.applying.queries import InPlay, because, systems_meeting
from systems.applying.rules import Rule, Strength

NAMED = 4


@dataclass(frozen=True, slots=True)
class Proposed:
    """One rule that asks for a control: how strongly, met by how many systems, the first of them, and since when.

    `count` is zero where only a role of the organisation at large meets it; `newest` is None then.
    """

    rule: str
    strength: Strength
    reason: str
    role: str
    count: int
    first: str
    newest: datetime | None

    @property
    def demands(self) -> bool:
        """Whether an exclusion contradicts it."""
        return self.strength is Strength.DEMANDS and self.count > 0

    @property
    def systems(self) -> str:
        """The systems in words, such as SYS-02 and 3 more."""
        if not self.count:
            return _("the organisation")
        if self.count == 1:
            return self.first
        rest = self.count - 1
        return ngettext("%(code)s and %(n)s more", "%(code)s and %(n)s more", rest) % {"code": self.first, "n": rest}


def proposals_by_code(aims: Aims, found: InPlay) -> dict[str, tuple[Proposed, ...]]:
    """Return what asks for each requirement, by its id, in the order of the rules; no queries."""
    met = {rule.name: rule for rule in found.rules}
    asked: dict[str, list[Proposed]] = {}
    for name, rule in rules().items():
        here = met.get(name)
        if here is None and rule.role not in (aims.roles_played or ()):
            continue
        count, first, newest = (here.count, here.first, here.newest) if here else (0, "", None)
        for code, strength in rule.asks.items():
            asked.setdefault(code, []).append(_proposed(rule, strength, count, first, newest))
    return {code: tuple(rows) for code, rows in asked.items()}


def _proposed(rule: Rule, strength: Strength, count: int, first: str, newest: datetime | None) -> Proposed:
    return Proposed(rule.name, strength, rule.reason, rule.role, count, first, newest)


def most_of(rows: Iterable[Proposed]) -> Proposed:
    """Return the proposal that the most systems stand behind."""
    return max(rows, key=lambda row: row.count)


def demanding(code: str) -> tuple[str, ...]:
    """Return the names of the rules that make a requirement necessary."""
    return tuple(name for name, rule in rules().items() if rule.asks.get(code) is Strength.DEMANDS)


def demands_of(names: str, code: str) -> bool:
    """Whether any rule among those that a system meets makes a requirement necessary."""
    return any((rule := rules().get(name)) and rule.asks.get(code) is Strength.DEMANDS for name in names.split())


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal as the panel prints it: a sentence, what it stands for, and its reason code in words."""

    words: str
    more: int
    system: str
    demands: bool
    reason: str
    reason_label: str


def lines_of(rows: Iterable[Proposed], at: datetime | None = None) -> list[Line]:
    """Return the sentences of what asks for a control, each told for its first system; one query."""
    rows = list(rows)
    told: Mapping[tuple[str, str], str] = {
        (one.rule, one.code): one.sentence for one in because(((row.rule, row.first) for row in rows if row.count), at)
    }
    lines = []
    for row in sorted(rows, key=lambda row: not row.demands):
        words = told.get((row.rule, row.first)) if row.count else _organisation(row.role)
        label = str(Reason(row.reason).label) if row.reason else ""
        if words:
            lines.append(Line(words, max(row.count - 1, 0), row.first, row.demands, row.reason, label))
    return lines


def _organisation(role: str) -> str:
    return _("The organisation plays the role %s") % AiRole(role).label


def contradictions(code: str) -> list[str]:
    """Return why a control cannot be excluded by the facts of systems in scope, a sentence for each of the first few.

    Two queries at most.
    """
    names = demanding(code)
    if not names:
        return []
    found = systems_meeting(names, NAMED)
    return [one.sentence for one in because((met[0], system) for system, met in found)]
