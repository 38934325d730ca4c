"""Who may accept what remains at a level: the rule that criteria hold for each band, and what it is in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from django.utils.translation import gettext as _

from accounts.actor import Actor, Authority
from aims.vocabulary import Acceptor, Band

SHIPPED: Mapping[Band, tuple[Acceptor, ...]] = {
    Band.LOW: (Acceptor.OWNER, Acceptor.APPROVER),
    Band.MODERATE: (Acceptor.OWNER, Acceptor.OFFICER, Acceptor.APPROVER),
    Band.HIGH: (Acceptor.APPROVER,),
    Band.SEVERE: (),
}


class Judge(Protocol):
    """Criteria, saved or not."""

    @property
    def accepts(self) -> dict[str, list[str]]:
        """Who may accept, by band."""

    @property
    def named(self) -> dict[str, list[str]]:
        """Pseudonyms of those to whom that is narrowed, by band."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may accept one band; where people are named (by pseudonym), only they, and only while they hold the role."""

    band: Band
    who: tuple[Acceptor, ...]
    named: frozenset[str] = frozenset()

    @property
    def is_nobody(self) -> bool:
        """Whether it has to be treated first."""
        return not self.who

    def narrowed(self, actor: Actor) -> Actor:
        """Return the actor with the authorities that count under this rule: all, or those of whoever is named."""
        if not self.named:
            return actor
        held = (authority for authority in actor.authorities if _whose(authority, actor) in self.named)
        return replace(actor, authorities=tuple(held))

    def words(self, names: Iterable[str] = ()) -> str:
        """Say who, such as "its owner or an approver"; `names` are those of the people named."""
        told = joined([str(one.label) for one in self.who]) if self.who else _("nobody")
        names = tuple(names)
        return _("%(who)s, that is %(names)s") % {"who": told, "names": joined(names)} if names else told

    @property
    def sentence(self) -> str:
        """The rule as criteria and reports print it."""
        if self.is_nobody:
            return _("Nobody may accept it; it must be treated first.")
        told = _("%(who)s may accept it.") % {"who": self.words()}
        return told[:1].upper() + told[1:]


def rule_of(criteria: Judge, band: Band) -> Rule:
    """Return the rule for a band; criteria that say nothing of it follow the shipped one."""
    accepts = criteria.accepts if isinstance(criteria.accepts, dict) else {}
    named = criteria.named if isinstance(criteria.named, dict) else {}
    who = accepts.get(str(band))
    chosen = SHIPPED[band] if who is None else tuple(one for one in Acceptor if one in who)
    return Rule(band, chosen, frozenset(named.get(str(band), ())))


def joined(words: Iterable[str]) -> str:
    """Return "a, b or c" of at least one word."""
    *most, last = words
    return _("%(some)s or %(last)s") % {"some": ", ".join(most), "last": last} if most else last


def _whose(authority: Authority, actor: Actor) -> str:
    return authority.deputy_of.pseudonym if authority.deputy_of else actor.pseudonym
