"""Sources of risk and threatened objectives (Annex C): versioned data that ships, with own words beside."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from ruamel.yaml import YAML

KINDS = ("sources", "objectives")


@dataclass(frozen=True, slots=True)
class Term:
    """One source or objective."""

    code: str
    label: str
    wording: str


@cache
def terms(kind: str) -> tuple[Term, ...]:
    """Return the shipped `sources` or `objectives`."""
    path = settings.FIXTURES / "catalogue" / "risk_terms.yaml"
    data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return tuple(Term(**row) for row in data[kind])


def term_label(kind: str, value: str) -> str:
    """Return the label of a code; an organisation's own words stand for themselves."""
    return next((term.label for term in terms(kind) if term.code == value), value)


def term_value(kind: str, said: str) -> str:
    """Return what is kept of something typed: the code where a label or code was meant, else the own words."""
    plain = " ".join(said.split())
    return next((term.code for term in terms(kind) if plain.casefold() in (term.code, term.label.casefold())), plain)
