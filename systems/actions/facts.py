"""What is said about a system, and when it cannot be said so."""

from collections.abc import Collection
from copy import deepcopy
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusals import Refusal
from aims.queries import people
from aims.vocabulary import AiRole
from ledger.change import Change, plain
from systems.models import AiSystem
from systems.record.differences import differences
from systems.record.places import MIRRORED, columns_of, put
from systems.record.reading import Fault
from systems.record.schema import dotted, wrong_places


class NotAFact(Refusal):
    """The system cannot be described so."""


class Misfit(NotAFact):
    """The record does not fit the schema; `errors` says where, by place as people write it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(" ".join(fault.words for fault in faults[:5]), field=dotted(faults[0].path))
        self.errors: dict[str, list[str]] = {}
        for fault in faults:
            self.errors.setdefault(dotted(fault.path), []).append(fault.words)


class Facts(TypedDict, total=False):
    """What registering and editing set; scope and stage have verbs of their own.

    `record` is the whole record in the form of the schema, which may still miss what the schema requires; the other
    facts are places of it that have a name of their own here, and win over it.
    """

    record: dict[str, Any]
    name: str
    purpose: str
    owner: User | None
    roles_played: list[str]
    supplier: str
    model_name: str
    model_version: str


def offered(system: AiSystem, facts: Facts) -> dict[str, Any]:
    """Return the columns of the system as these facts would leave them, with the record they are taken from."""
    said = tidy(facts)
    record = deepcopy(said.get("record", system.record)) or _first_record(system)
    for name, path in MIRRORED.items():
        if name in said:
            put(record, path, said[name])  # type: ignore[literal-required]
    owner = _owner(system, said, record)
    record.setdefault("id", system.key)
    return dict(columns_of(record)) | {"owner": owner, "record": record}


def whole_record(system: AiSystem) -> dict[str, Any]:
    """Return the record of a system, which is the caller's to change, also if it was described before records were."""
    record: dict[str, Any] = offered(system, {})["record"]
    return record


def tidy(facts: Facts) -> Facts:
    """Strip texts, and put roles in the order of the vocabulary."""
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if "roles_played" in facts:
        unknown = set(facts["roles_played"]) - set(AiRole.values)
        if unknown:
            raise NotAFact(_("There is no AI role %s.") % ", ".join(sorted(unknown)), field="roles_played")
        clean["roles_played"] = [role for role in AiRole.values if role in facts["roles_played"]]
    return clean  # type: ignore[return-value]


def check(system: AiSystem, *, still_open: Collection[str] = ()) -> None:
    """Refuse a system without name or purpose, a record of the wrong form, and an owner who does not belong here.

    `still_open` names columns that nobody filled yet, as in a register that does not say what a system is for.
    """
    check_columns(system, still_open=still_open)
    if system.owner_id and not people().filter(pk=system.owner_id).exists():
        raise NotAFact(_("The owner has no role in this organisation. Choose someone who has."), field="owner")
    check_form(system.record)
    taken = AiSystem.objects.filter(key__iexact=system.key).exclude(pk=system.pk).values_list("code", flat=True).first()
    if taken:
        said = {"key": system.key, "code": taken}
        raise NotAFact(_("The id %(key)s is that of %(code)s. Choose another.") % said, field="id")


def check_form(record: dict[str, Any]) -> None:
    """Refuse a record whose places are of the wrong form; what it misses is a gap that can be filled later."""
    wrong = wrong_places(record)
    if wrong:
        raise Misfit(wrong)


def only_what_differs(change: Change, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Tell the places of the record that differ instead of the whole of it; places with a column are told as that."""
    if "record" not in change.after:
        return
    told = {("id",), ("owner",), *MIRRORED.values()}
    rest = [each for each in differences(before, after) if each.path not in told]
    for side, name in ((change.before, "before"), (change.after, "after")):
        side.pop("record", None)
        if rest:
            side["record"] = {dotted(each.path): plain(getattr(each, name)) for each in rest}


def free_key(name: str) -> str:
    """Return an id made from a name that no system of the AIMS has yet."""
    stem = slugify(name)[:90].strip("-_") or "system"
    taken = {key.lower() for key in AiSystem.objects.filter(key__istartswith=stem).values_list("key", flat=True)}
    tries = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 3))
    return next(key for key in tries if key.lower() not in taken)


def check_columns(system: AiSystem, *, still_open: Collection[str] = ()) -> None:
    """Refuse what a column cannot hold."""
    try:
        system.clean_fields(exclude={"aims", "owner", "code", "record", *still_open})
    except ValidationError as error:
        field, texts = next(iter(error.message_dict.items()))
        raise NotAFact(texts[0], field=field) from error


def _first_record(system: AiSystem) -> dict[str, Any]:
    """Return the record of a system that was described before records were kept, or that is new."""
    record: dict[str, Any] = {"id": system.key, "name": system.name, "owner": system.owning_team}
    for name, path in MIRRORED.items():
        if value := getattr(system, name):
            put(record, path, value)
    return record


def _owner(system: AiSystem, said: Facts, record: dict[str, Any]) -> User | None:
    """Return the person a record names; a team's name leaves whoever was put down for it."""
    if "owner" in said:
        person = said["owner"]
        if person is not None or system.owner_id:
            record["owner"] = person.email if person else ""
        return person
    named = str(record.get("owner") or "").strip()
    if "record" not in said or named == system.owning_team:
        return system.owner
    return people().filter(email__iexact=named).first() if "@" in named else None
