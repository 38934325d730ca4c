"""What duties hang on, read from an incident and the record of its system."""

from collections.abc import Iterator
from typing import Any

from aims.models import Aims
from incidents.law import LegalDuty, law
from incidents.models import Incident, OwnDuty
from incidents.reckoning import Due, Situation, duties_of
from incidents.words import Happened, Kind
from systems.record.places import at

PROVIDERS, DEPLOYERS = {"provider", "producer"}, {"customer"}
PERSONAL = {"pii", "special"}


def duties_for(incident: Incident, own: list[OwnDuty], time_zone: str) -> tuple[Due, ...]:
    """Return the duties of law and of the organisation that stand for an incident; its system and AIMS are loaded."""
    duties = (*law().duties, *(as_duty(row) for row in own if row.system_id in {None, incident.system_id}))
    return duties_of(situation_of(incident, time_zone), duties)


def situation_of(incident: Incident, time_zone: str) -> Situation:
    """Return the facts of an incident beside what the record of its system says."""
    record = incident.system.record
    happened = set(incident.happened)
    if incident.kind == Kind.PRIVACY and at(record, "classification", "data_sensitivity") in PERSONAL:
        happened.add(Happened.BREACH.value)
    return Situation(
        noticed_at=incident.noticed_at,
        time_zone=time_zone,
        kind=incident.kind,
        happened=frozenset(happened),
        severity=incident.severity,
        places=places_of(record, incident.system.aims),
        eu_roles=eu_roles_of(record),
        is_high_risk=is_high_risk(record),
    )


def places_of(record: dict[str, Any], aims: Aims) -> frozenset[str]:
    """Return where the system is used: its jurisdictions and regions, else those of the organisation."""
    said = frozenset(_said(record))
    return said or frozenset(_place(word) for word in aims.jurisdictions if str(word).strip())


def _said(record: dict[str, Any]) -> Iterator[str]:
    for word in at(record, "deployment", "jurisdictions") or []:
        yield _place(word)
    for region in at(record, "deployment", "regions") or []:
        name = str(region).strip().lower()
        exception = law().region_exceptions.get(name)
        begun = next((place for start, place in law().regions.items() if name.startswith(start)), "")
        if place := exception or begun:
            yield place


def _place(word: Any) -> str:
    name = str(word).strip()
    return law().places.get(name.lower(), name.upper())


def eu_roles_of(record: dict[str, Any]) -> frozenset[str]:
    """Return the roles of the EU AI Act: as said, else what the roles of ISO/IEC 22989 come to."""
    if said := at(record, "classification", "eu_ai_act", "role"):
        return frozenset({"provider" if said == "product-manufacturer" else str(said)})
    roles = set(at(record, "roles") or [])
    found = {"provider"} if roles & PROVIDERS else set()
    return frozenset(found | ({"deployer"} if roles & DEPLOYERS else set()))


def is_high_risk(record: dict[str, Any]) -> bool | None:
    """Whether the EU AI Act counts the system as high-risk, as far as the record says."""
    basis = at(record, "classification", "eu_ai_act", "high_risk_basis")
    if basis:
        return str(basis) in {"annex-i", "annex-iii"}
    tier = at(record, "classification", "eu_ai_act_tier")
    return str(tier) in {"high", "prohibited"} if tier else None


def as_duty(row: OwnDuty) -> LegalDuty:
    """Return a duty of the organisation's own in the shape of those of law."""
    return LegalDuty(
        key=row.ref,
        title=row.title,
        authority=row.authority,
        source=row.source,
        kinds=frozenset(row.kinds),
        least_severity=row.least_severity,
        hours=None if row.in_days else row.within,
        days=row.within if row.in_days else None,
    )
