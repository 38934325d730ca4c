"""What a record says to the EU AI Act: its tier, on which basis, which duties follow, what is missing, what clashes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from systems.applying.conditions import all_found, is_empty
from systems.applying.eu_act import EU, DutyRule, Point, duties, high_when, points, starts, suggestions
from systems.applying.evaluate import met_of
from systems.record.places import at

TIERS = ("prohibited", "high", "limited", "minimal", "out-of-scope")
ALWAYS_ASSESSED = ("5(b)", "5(c)")
ANNEX_I, ANNEX_III, EXCEPTION, NO_BASIS = "annex-i", "annex-iii", "exception-6-3", "none"


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty that follows, from when it applies and by which provision, and the nearest requirements."""

    article: str
    label: str
    applies_from: date
    basis: str
    controls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is missing or that contradicts: the place of the record that mends it, and the words."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Classification:
    """What follows from a record; `tier` is empty while its basis is not said, `stated` is what the record claims."""

    tier: str
    stated: str
    basis: tuple[str, ...]
    duties: tuple[Duty, ...]
    missing: tuple[Note, ...]
    contradictions: tuple[Note, ...]

    @property
    def is_said(self) -> bool:
        """Whether the record says anything at all to the Act."""
        return bool(self.tier or self.stated or self.basis)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the record says to the Act."""

    record: Mapping[str, Any]
    eu: Mapping[str, Any]

    def of(self, name: str) -> str:
        """A word, or nothing."""
        value = self.eu.get(name)
        return value.strip() if isinstance(value, str) else ""

    def many(self, name: str) -> list[str]:
        """Words of a list."""
        value = self.eu.get(name)
        return [str(one).strip() for one in value] if isinstance(value, list) else []

    @property
    def stated(self) -> str:
        """The tier that the record claims."""
        return str(at(self.record, "classification", "eu_ai_act_tier") or "").strip()

    @property
    def is_voided(self) -> bool:
        """Whether the exception of Art. 6(3) is claimed while people are profiled."""
        return self.of("high_risk_basis") == EXCEPTION and self.eu.get("profiles_persons") is True


def classify(record: Mapping[str, Any]) -> Classification:
    """Judge what a record says to the EU AI Act; it decides nothing, and no database is asked."""
    eu = at(record, *EU)
    said = _Said(record, eu if isinstance(eu, dict) else {})
    tier = _tier(said)
    return Classification(
        tier=tier,
        stated=said.stated,
        basis=tuple(_basis(said)),
        duties=tuple(_duty(duty, said) for duty in duties() if met_of(duty.rule, record)),
        missing=tuple(_missing(said, tier)),
        contradictions=tuple(_contradictions(said, tier)),
    )


def _tier(said: _Said) -> str:
    basis = said.of("high_risk_basis")
    if said.many("prohibited_practices"):
        return "prohibited"
    if basis in (ANNEX_I, ANNEX_III) or said.is_voided:
        return "high"
    if said.many("transparency_duties"):
        return "limited" if basis in (NO_BASIS, EXCEPTION) else ""
    if basis in (NO_BASIS, EXCEPTION) and said.eu.get("transparency_duties") == []:
        return "minimal"
    return ""


def _basis(said: _Said) -> Iterator[str]:
    for key in said.many("prohibited_practices"):
        if point := points("prohibited_practices").get(key):
            yield _told(point)
    yield from _high_basis(said)
    for key in said.many("transparency_duties"):
        if point := points("transparency").get(key):
            yield _told(point)
    if (gpai := points("gpai").get(said.of("gpai"))) and said.of("gpai") != "none":
        yield gpai.label


def _high_basis(said: _Said) -> Iterator[str]:
    basis = said.of("high_risk_basis")
    if basis == ANNEX_I:
        act = points("annex_i").get(said.of("annex_i_act"))
        yield _("Art. 6(1), Annex I: %s") % (_told(act) if act else said.of("annex_i_act") or _("act not said"))
    if basis in (ANNEX_III, EXCEPTION):
        point = points("annex_iii").get(said.of("annex_iii_point"))
        yield _("Art. 6(2): %s") % (_told(point) if point else _("point of Annex III not said"))
    if basis == EXCEPTION:
        condition = points("exceptions").get(said.of("exception"))
        yield _told(condition) if condition else _("Art. 6(3): condition not said")
    if basis == NO_BASIS:
        yield _("Neither Annex I nor Annex III")


def _told(point: Point) -> str:
    return f"{point.article}: {point.label}"


def _duty(duty: DutyRule, said: _Said) -> Duty:
    usual = ANNEX_I if said.of("high_risk_basis") == ANNEX_I else ANNEX_III
    start = starts()[duty.starts or usual]
    basis = start.basis
    if duty.article == "Art. 50(2)":
        older = starts()["marking"]
        basis = _("%(basis)s; from %(day)s for systems on the market before then (%(older)s)") % {
            "basis": basis,
            "day": older.on.isoformat(),
            "older": older.basis,
        }
    return Duty(duty.article, duty.label, start.on, basis, duty.controls)


def _missing(said: _Said, tier: str) -> Iterator[Note]:
    if said.stated == "out-of-scope" and not tier:
        return
    if not said.of("role"):
        yield Note("role", _("Which role the organisation has towards it (Art. 3)"))
    if not said.of("prohibited_practices_checked_on"):
        yield Note("prohibited_practices_checked_on", _("When prohibited practices were checked (Art. 5)"))
    yield from _missing_of_basis(said)
    if said.eu.get("transparency_duties") != [] and is_empty(said.eu.get("transparency_duties")):
        yield Note("transparency_duties", _("Which duties of Art. 50 it has, or that it has none"))
    if not said.of("gpai"):
        yield Note("gpai", _("Whether a general-purpose AI model is in it (Chapter V)"))
    is_deployed = said.of("role") == "deployer" and said.of("high_risk_basis") == ANNEX_III
    if is_deployed and not said.of("fundamental_rights_assessment"):
        yield Note("fundamental_rights_assessment", _("Whether an assessment of fundamental rights is due (Art. 27)"))


def _missing_of_basis(said: _Said) -> Iterator[Note]:
    basis = said.of("high_risk_basis")
    if not basis:
        yield Note("high_risk_basis", _("Whether Annex I or Annex III makes it high-risk (Art. 6)"))
    if basis == ANNEX_I and not said.of("annex_i_act"):
        yield Note("annex_i_act", _("Which act of Annex I its product falls under"))
    if basis in (ANNEX_III, EXCEPTION) and not said.of("annex_iii_point"):
        yield Note("annex_iii_point", _("Which point of Annex III it falls under"))
    if basis in (ANNEX_III, EXCEPTION) and said.eu.get("profiles_persons") is None:
        yield Note("profiles_persons", _("Whether it profiles people (Art. 6(3))"))
    if basis == EXCEPTION and not said.of("exception"):
        yield Note("exception", _("Which condition of Art. 6(3) takes it out"))
    if basis == EXCEPTION and not said.of("exception_reason"):
        yield Note("exception_reason", _("Why the exception holds (Art. 6(4))"))


def _contradictions(said: _Said, tier: str) -> Iterator[Note]:
    for key in said.many("prohibited_practices"):
        point = points("prohibited_practices").get(key)
        words = _("%s is prohibited: it must not be used, sold or put into service") % _told(point) if point else ""
        yield Note("prohibited_practices", words or _("There is no point %s in Art. 5(1)") % key)
    if said.stated and tier and said.stated != tier:
        told = {"stated": said.stated, "tier": tier}
        yield Note("tier", _("The tier stated is %(stated)s; what it says makes it %(tier)s") % told)
    if said.is_voided:
        words = _("It profiles people, so no exception of Art. 6(3) holds: it is high-risk")
        yield Note("profiles_persons", words)
    yield from _wrong_points(said)
    yield from _transparency(said)
    is_exempt = said.of("fundamental_rights_assessment") == "not-due" and said.of("role") == "deployer"
    if is_exempt and said.of("high_risk_basis") == ANNEX_III and said.of("annex_iii_point") in ALWAYS_ASSESSED:
        words = _("Deployers of point %s owe an assessment of fundamental rights (Art. 27(1))")
        yield Note("fundamental_rights_assessment", words % said.of("annex_iii_point"))


def _wrong_points(said: _Said) -> Iterator[Note]:
    basis, point = said.of("high_risk_basis"), said.of("annex_iii_point")
    if point and point not in points("annex_iii"):
        yield Note("annex_iii_point", _("There is no point %s in Annex III") % point)
    if point and basis in (ANNEX_I, NO_BASIS):
        yield Note("annex_iii_point", _("A point of Annex III is named, and the basis says otherwise"))
    if said.of("annex_i_act") and basis in (ANNEX_III, EXCEPTION, NO_BASIS):
        yield Note("annex_i_act", _("An act of Annex I is named, and the basis says otherwise"))
    if said.of("exception") and basis in (ANNEX_I, ANNEX_III, NO_BASIS):
        yield Note("exception", _("A condition of Art. 6(3) is named, and the basis does not claim the exception"))


def _transparency(said: _Said) -> Iterator[Note]:
    stated, role = said.many("transparency_duties"), said.of("role")
    for key in stated:
        point = points("transparency").get(key)
        if point is None:
            yield Note("transparency_duties", _("There is no duty %s in Art. 50(1) to (4)") % key)
        elif role in ("provider", "deployer") and role != point.who:
            told = {"article": point.article, "who": point.who, "role": role}
            words = _("%(article)s is a duty of the %(who)s; the role stated is %(role)s") % told
            yield Note("transparency_duties", words)
    for one in suggestions() if said.stated or said.eu else ():
        who = points("transparency")[one.duty].who
        if one.duty in stated or role not in ("", who) or said.stated == "out-of-scope":
            continue
        if (what := all_found(one.when[::-1], said.record)) is not None:
            yield Note("transparency_duties", one.words.replace("{what}", what))


def is_high(record: Mapping[str, Any]) -> bool:
    """Whether facts make a system high-risk, by any of the ways that the data names."""
    return any(all_found(way, record) is not None for way in high_when())
