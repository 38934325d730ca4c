"""Rules, checks and states in the words of pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from systems.lifecycle.composition import AllOf, AnyOf, BadRule, Leaf, Quorum, Rule, Within, read
from systems.lifecycle.models import MoveState

LOOKS = {
    "met": ("pass", "done", "ok", gettext_lazy("Met")),
    "missing": ("warn", "due", "warn", gettext_lazy("Missing")),
    "failing": ("fail", "bad", "bad", gettext_lazy("Fails")),
    "advice": ("info", "info", "info", gettext_lazy("Advice")),
}
MARKS: dict[str, tuple[str, str]] = {
    MoveState.PROPOSED: ("half", "info"),
    MoveState.SIGNED: ("seal", "ok"),
    MoveState.DONE: ("done", "ok"),
    MoveState.DEFERRED: ("due", "warn"),
    MoveState.REFUSED: ("bad", "bad"),
    MoveState.WITHDRAWN: ("na", "none"),
}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check of a gate, ready to print."""

    key: str
    words: str
    note: str
    address: str
    state: str
    glyph: str
    tone: str
    said: str
    is_mandatory: bool


def check_row(check: Mapping[str, Any]) -> CheckRow:
    """Return a check, as it stands or as it was frozen, as pages print it."""
    state, glyph, tone, said = LOOKS.get(str(check["state"]), LOOKS["missing"])
    return CheckRow(
        str(check["key"]),
        str(check["words"]),
        str(check["note"]),
        str(check["address"]),
        state,
        glyph,
        tone,
        str(said),
        bool(check["is_mandatory"]),
    )


def leaf_in_words(leaf: Leaf, names: Mapping[str, str]) -> str:
    """Return an authority or a check by its name; one without a name is told by its key."""
    if leaf.kind == "mandatory":
        return _("every mandatory check")
    name = names.get(leaf.name, leaf.key)
    return (
        _("%(count)d different people as %(name)s") % {"count": leaf.people, "name": name} if leaf.people > 1 else name
    )


def in_words(rule: Rule, names: Mapping[str, str], *, is_inner: bool = False) -> str:
    """Return a rule as one sentence without its full stop."""
    match rule:
        case Leaf():
            return leaf_in_words(rule, names)
        case Within(places, part):
            said = {"places": ", ".join(places), "rule": in_words(part, names, is_inner=True)}
            found = _("in %(places)s: %(rule)s") % said
        case Quorum(least, parts):
            inner = "; ".join(in_words(part, names, is_inner=True) for part in parts)
            found = _("at least %(least)d of: %(parts)s") % {"least": least, "parts": inner}
        case AllOf(parts) | AnyOf(parts):
            if len(parts) == 1:
                return in_words(parts[0], names, is_inner=is_inner)
            glue = _(" and ") if isinstance(rule, AllOf) else _(" or ")
            found = glue.join(in_words(part, names, is_inner=True) for part in parts)
    return f"({found})" if is_inner else found


def leaves_in_words(written: Any, names: Mapping[str, str]) -> str:
    """Return frozen leaves as a list in words."""
    try:
        return ", ".join(in_words(read(leaf), names) for leaf in written or [])
    except BadRule:
        return ""
