"""What is said about a system, and when it cannot be said so."""

from typing import TypedDict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusals import Refusal
from aims.queries import people
from aims.vocabulary import AiRole
from systems.models import AiSystem


class NotAFact(Refusal):
    """The system cannot be described so."""


class Facts(TypedDict, total=False):
    """The fields that registering and editing set; scope and stage have verbs of their own."""

    name: str
    purpose: str
    owner: User | None
    roles_played: list[str]
    supplier: str
    model_name: str
    model_version: str


def tidy(facts: Facts) -> Facts:
    """Strip texts, and put roles in the order of the vocabulary."""
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if "roles_played" in facts:
        unknown = set(facts["roles_played"]) - set(AiRole.values)
        if unknown:
            raise NotAFact(_("There is no AI role %s.") % ", ".join(sorted(unknown)), field="roles_played")
        clean["roles_played"] = [role for role in AiRole.values if role in facts["roles_played"]]
    return clean  # type: ignore[return-value]


def check(system: AiSystem) -> None:
    """Refuse a system without name or purpose, a text that is too long, and an owner who does not belong here."""
    try:
        system.clean_fields(exclude={"aims", "owner", "code"})
    except ValidationError as error:
        field, texts = next(iter(error.message_dict.items()))
        raise NotAFact(texts[0], field=field) from error
    if system.owner_id and not people().filter(pk=system.owner_id).exists():
        raise NotAFact(_("The owner has no role in this organisation. Choose someone who has."), field="owner")
