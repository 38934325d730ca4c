"""Whether Articles 9, 26 and 27 of the EU AI Act bind, from the facts of a system's record alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from assessments.law.data import articles, keys
from systems.applying.classify import ANNEX_I, ANNEX_III, EXCEPTION, NO_BASIS
from systems.applying.eu_act import EU, points
from systems.record.places import at

PUBLIC = ("public-body", "public-services")
OTHER = "other"


class Basis(StrEnum):
    """Why a system is high-risk, or is not, or that its record does not say so."""

    ANNEX_I = "annex-i"
    ANNEX_III = "annex-iii"
    PROFILING = "profiling"
    EXCEPTED = "excepted"
    NEITHER = "neither"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"

    @property
    def is_high(self) -> bool:
        """Whether it is high-risk by it."""
        return self in (Basis.ANNEX_I, Basis.ANNEX_III, Basis.PROFILING)


class Bearing(StrEnum):
    """Whether an article binds the organisation."""

    BINDS = "binds"
    DOES_NOT = "does-not"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an article binds, and why in a sentence."""

    article: str
    bearing: Bearing
    because: str

    @property
    def binds(self) -> bool:
        """Whether it binds by what the record says."""
        return self.bearing is Bearing.BINDS


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record says to the three articles; an empty word is not said."""

    role: str
    stated: str
    high_risk_basis: str
    act: str
    point: str
    exception: str
    profiles: bool | None
    deployer: str

    @property
    def basis(self) -> Basis:
        """Return the basis; an exception holds only with its condition and where nobody is profiled."""
        if self.high_risk_basis == EXCEPTION:
            return self._excepted()
        if not self.high_risk_basis and self.stated == "out-of-scope":
            return Basis.OUTSIDE
        known = {ANNEX_I: Basis.ANNEX_I, ANNEX_III: Basis.ANNEX_III, NO_BASIS: Basis.NEITHER}
        return known.get(self.high_risk_basis, Basis.UNKNOWN)

    def _excepted(self) -> Basis:
        if self.profiles:
            return Basis.PROFILING
        is_complete = self.profiles is False and self.exception in points("exceptions")
        return Basis.EXCEPTED if is_complete else Basis.UNKNOWN


def facts_of(record: Mapping[str, Any]) -> Facts:
    """Read what a record says."""
    found = at(record, *EU)
    eu = found if isinstance(found, dict) else {}

    def word(name: str) -> str:
        value = eu.get(name)
        return value.strip() if isinstance(value, str) else ""

    profiles = eu.get("profiles_persons")
    return Facts(
        role=word("role"),
        stated=str(at(record, "classification", "eu_ai_act_tier") or "").strip(),
        high_risk_basis=word("high_risk_basis"),
        act=word("annex_i_act"),
        point=word("annex_iii_point"),
        exception=word("exception"),
        profiles=profiles if isinstance(profiles, bool) else None,
        deployer=word("deployer_kind"),
    )


def standings(facts: Facts) -> tuple[Standing, ...]:
    """Return whether each of the three articles binds."""
    return tuple(_standing(number, facts) for number in articles())


def _standing(number: str, facts: Facts) -> Standing:
    for ask in (_by_basis, _by_role, _by_product, _by_named):
        found = ask(number, facts)
        if found is not None:
            return Standing(number, *found)
    return Standing(number, Bearing.BINDS, _binding(number, facts))


Found = tuple[Bearing, str] | None


def _by_basis(number: str, facts: Facts) -> Found:
    basis = facts.basis
    if basis is Basis.UNKNOWN:
        return Bearing.UNKNOWN, _("The record does not say, or not in full, whether the system is high-risk.")
    if not basis.is_high:
        return Bearing.DOES_NOT, _("It binds for high-risk systems only, and by the record this is none.")
    if number == "27" and basis is Basis.ANNEX_I:
        return Bearing.DOES_NOT, _(
            "It is about systems of Art. 6(2), those of Annex III; this one is high-risk by Annex I."
        )
    return None


def _by_role(number: str, facts: Facts) -> Found:
    who = articles()[number].who
    if facts.role == who or (who == "provider" and _is_maker(facts)):
        return None
    if facts.role not in points("roles"):
        return Bearing.UNKNOWN, _("The record does not say which role the organisation has.")
    told = {"who": who, "role": facts.role}
    if who == "deployer":
        words = _("It binds deployers; the role stated is %(role)s. Whoever also uses the system is a deployer too.")
        return Bearing.DOES_NOT, words % told
    words = _("It binds the provider; the role stated is %(role)s. Art. 25(1) can make others the provider.")
    return Bearing.DOES_NOT, words % told


def _is_maker(facts: Facts) -> bool:
    """Whether Art. 25(3) takes the maker of a product for the provider."""
    return facts.role == "product-manufacturer" and facts.basis is Basis.ANNEX_I


def _by_product(_number: str, facts: Facts) -> Found:
    if facts.basis is not Basis.ANNEX_I:
        return None
    if facts.act not in points("annex_i"):
        return Bearing.UNKNOWN, _("The record does not say under which act of Annex I; Section B is treated apart.")
    if facts.act in keys("section_b"):
        words = _("Its product stands in Annex I, Section B: Art. 2(2) leaves this to the law of the product.")
        return Bearing.DOES_NOT, words
    return None


def _by_named(number: str, facts: Facts) -> Found:
    """Say whether Art. 27(1) names the deployer: by its use whoever it is, else by what it is."""
    if number != "27" or facts.point in keys("always_named"):
        return None
    if facts.point in keys("left_out"):
        return Bearing.DOES_NOT, _("Art. 27(1) leaves out point 2 of Annex III, critical infrastructure.")
    if facts.point not in points("annex_iii"):
        return Bearing.UNKNOWN, _("The record does not say which point of Annex III it falls under.")
    if facts.deployer in PUBLIC:
        return None
    if facts.deployer != OTHER:
        words = _("The record does not say whether the deployer is a public body or provides public services.")
        return Bearing.UNKNOWN, words
    if any(one.startswith(f"{facts.point}(") for one in keys("always_named")):
        words = _("The record names point %s as a whole; by 5(b) and 5(c) every deployer is named.")
        return Bearing.UNKNOWN, words % facts.point
    words = _(
        "Art. 27(1) names public bodies, private providers of public services, and points 5(b) and 5(c): none fits."
    )
    return Bearing.DOES_NOT, words


def _binding(number: str, facts: Facts) -> str:
    if number != "27":
        told = {"role": points("roles")[facts.role].article, "word": facts.role}
        return _("The system is high-risk, and the role stated is %(word)s (%(role)s).") % told
    if facts.point in keys("always_named"):
        return _("Every deployer of a system of point %s is named by Art. 27(1).") % facts.point
    if facts.deployer == "public-body":
        return _("The deployer is a body governed by public law, which Art. 27(1) names.")
    return _("The deployer is a private body that provides public services, which Art. 27(1) names.")
