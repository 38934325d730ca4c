"""How records are told: verbs, people's roles, fields and values in the words of the screens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, Field, Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Role
from aims.vocabulary import AiRole
from ledger.events import known_events
from ledger.governed import Governed
from soa.models import Reason

LONGEST = 40
CODES: dict[str, dict[str, Any]] = {
    "reasons": dict(Reason.choices),
    "roles_played": dict(AiRole.choices),
    "roles": dict(Role.choices),
}


CHOSEN = {"excluded": "exclude", "included": "include", "undecided": "reopen"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an act in words; a list of values has one entry each, an empty side none."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def changes(kind: str, before: dict[str, Any], after: dict[str, Any]) -> tuple[FieldChange, ...]:
    """Return what changed, field by field; values that stand on both sides of a list are left out."""
    return tuple(_change(_field(kind, name), name, before.get(name), after.get(name)) for name in {**before, **after})


def summary(kind: str, before: dict[str, Any], after: dict[str, Any]) -> tuple[str, str]:
    """Return both sides short enough for a table row: the two most telling fields, long texts by their length."""
    names = sorted({**before, **after}, key=lambda name: _rank(kind, name, after.get(name, before.get(name))))[:2]
    return _short(kind, names, before), _short(kind, names, after)


def verb_of(event: str, after: Mapping[str, Any]) -> str:
    """Return the verb of an event, or its name when no room declares it any more; decisions say which way."""
    known = known_events().get(event)
    return CHOSEN.get(str(after.get("applicability"))) or (known.verb if known else event)


def meaning_of(event: str) -> str:
    """Return the sentence that explains an event."""
    known = known_events().get(event)
    return known.meaning if known else event


def event_label(event: str) -> str:
    """Name an event in a list of choices: `membership.granted` reads Membership granted."""
    return capfirst(event.replace(".", " ").replace("_", " ").replace("-", " ")).replace("Soa ", "SoA ")


def kind_label(kind: str) -> str:
    """Name a kind of subject."""
    model = referred_models().get(kind)
    return str(capfirst(model._meta.verbose_name) if model else capfirst(kind.replace("-", " ")))


def subject_label(ref: str) -> str:
    """Name a subject: its code, or its kind where the code is only a row's number."""
    kind, _colon, code = ref.partition(":")
    if kind == "record":
        return _("record %(id)s…") % {"id": code[:8]}
    return kind_label(kind).lower() if code.isdecimal() and kind not in ("scope", "criteria") else code


def role_label(role: str | None, kind: str) -> str:
    """Name what sort of actor it was, or the role a person acted under: those of machines are lent to them."""
    machine = {"service": _("service"), "ai": _("AI agent")}.get(kind, "")
    return machine or (str(Role(role).label).lower() if role and role in Role else "")


def filed_label(role: str) -> str:
    """Name the authority that a record is filed under, in a list of choices."""
    return str(capfirst(role_label(role, role) or role))


PROVIDERS = {"oidc": "OpenID Connect", "saml": "SAML"}


def signed_in(method: str) -> str:
    """Say how the actor had signed in."""
    if method.startswith("token "):
        return _("API token %(prefix)s…") % {"prefix": method.removeprefix("token ")}
    return capfirst(", ".join(_shown_way(way) for way in method.split("+")))


def _shown_way(way: str) -> str:
    protocol, _space, told = way.partition(" ")
    if protocol in PROVIDERS:
        return f"{PROVIDERS[protocol]} ({told})" if told else PROVIDERS[protocol]
    ways = {
        "internal": _("Assay itself"),
        "password": _("password"),
        "totp": _("authenticator app"),
        "passkey": _("passkey"),
        "recovery code": _("recovery code"),
        "invitation": _("link of an invitation"),
    }
    return ways.get(way, way)


def thin(number: int) -> str:
    """Write a number with thin spaces: 12 481."""
    return f"{number:,}".replace(",", "\u202f")


@cache
def referred_models() -> dict[str, type[Model]]:
    """Return every model whose rows are referred to, by the kind of its references, governed or only added."""
    kinds = ((getattr(model, "ref_kind", ""), model) for model in apps.get_models())
    return {kind: model for kind, model in kinds if isinstance(kind, str) and kind}


@cache
def governed_models() -> dict[str, type[Governed]]:
    """Return the models of governed rows by the kind of their references."""
    return {model.ref_kind: model for model in apps.get_models() if issubclass(model, Governed) and model.ref_kind}


def _field(kind: str, name: str) -> "Field[Any, Any] | None":
    model = governed_models().get(kind)
    try:
        field = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, Field) else None


def _change(field: "Field[Any, Any] | None", name: str, before: Any, after: Any) -> FieldChange:
    label = str(field.verbose_name) if field else name.replace("_", " ")
    left, right = _told(field, name, before), _told(field, name, after)
    if isinstance(before, list) and isinstance(after, list):
        left, right = _without(left, right), _without(right, left)
    return FieldChange(capfirst(label), left, right)


def _without(values: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    kept = set(others)
    return tuple(value for value in values if value not in kept)


def _told(field: "Field[Any, Any] | None", name: str, value: Any) -> tuple[str, ...]:
    if value in (None, "", [], {}):
        return ()
    if isinstance(value, bool):
        return (_("Yes") if value else _("No"),)
    if isinstance(field, DateField):
        return (_day(str(value)),)
    if field is not None and field.is_relation:
        return (_named(str(value)),)
    codes = CODES.get(name) or dict(field.flatchoices if field else ())
    values = value if isinstance(value, list) else [value]
    return tuple(_word(codes, item) for item in values)


def _word(codes: dict[Any, Any], value: Any) -> str:
    if isinstance(value, dict) and value.keys() == {"code", "ref"}:
        return f"{codes.get(value['code'], value['code'])} {_named(value['ref'] or '')}".strip()
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    return str(codes.get(value, value))


def _named(ref: str) -> str:
    """A reference by its subject; a person stands there by name."""
    return subject_label(ref) if ref.partition(":")[0] in governed_models() else ref


def _day(text: str) -> str:
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%b %Y}"


def _rank(kind: str, name: str, value: Any) -> tuple[int, int]:
    field = _field(kind, name)
    is_choice = bool(field and field.flatchoices) or isinstance(value, bool)
    is_title = name in ("title", "name", "organisation")
    return (0 if is_choice else 1 if is_title else 2, len(str(value)))


def _short(kind: str, names: Iterable[str], values: dict[str, Any]) -> str:
    told = [_brief(", ".join(_told(_field(kind, name), name, values[name]))) for name in names if name in values]
    return ", ".join(text for text in told if text)


def _brief(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return ngettext("%(n)s character", "%(n)s characters", len(text)) % {"n": len(text)}
