"""Hand-made statement bodies, in the shape that a version freezes."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from ruamel.yaml import YAML

from ledger.notes import Head, signed
from reports.paper.meta import Certificate, Checked, CycleDate, Meta, PastVersion, Signature

OWNERS = ("Priya Raman", "Tom Okafor", "Elena Vasquez", "Samir Haddad", "Hannah Brandt", "Grace Whitfield")
MADE_AT = datetime(2026, 3, 14, 10, 20, tzinfo=UTC)
STATES = ("implemented", "implemented", "partly", "implemented", "planned", "implemented")
WHYS = (
    "One policy binds product, procurement and people teams to the same limits on AI use.",
    "AI rules must not contradict the privacy, security and quality policies they sit beside.",
    "Customer tickets, CVs and invoices hold personal data; we must know where each set lives.",
    "Refund rules change every quarter, and a wrong answer binds us.",
)
HOWS = (
    "Issued by top management, on the intranet and in every supplier contract.",
    "A matrix maps each AI rule to the privacy, security and quality rule beside it.",
    "Resources are listed per system at each gate.",
    "Tests run on held-out sets against set limits; a person other than the builder approves the report.",
)


@cache
def catalogue() -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The areas and controls of the shipped catalogue."""
    data = YAML(typ="safe").load((settings.FIXTURES / "catalogue" / "iso42001.yaml").read_text(encoding="utf-8"))
    return _areas(data)


def _areas(data: dict[str, Any]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Annex A only: its areas, and its controls with the area each stands in."""
    rows = data["requirements"]
    areas = [{"code": row["code"], "title": row["title"]} for row in rows if row["kind"] == "area"]
    controls = [
        {"code": row["code"], "title": row["title"], "area": row["code"].rpartition(".")[0]}
        for row in rows
        if row["kind"] == "control"
    ]
    return areas, [control | {"area": _known(control["area"], areas)} for control in controls]


def _known(code: str, areas: list[dict[str, str]]) -> str:
    return next(area["code"] for area in areas if f"{code}.".startswith(f"{area['code']}."))


def an_entry(code: str, title: str, area: str, number: int, **changed: Any) -> dict[str, Any]:
    """One included row, its texts and states following from its number."""
    state = STATES[number % len(STATES)]
    return {
        "code": code,
        "title": title,
        "area": area,
        "kind": "control",
        "applicability": "included",
        "why": WHYS[number % len(WHYS)],
        "reasons": [
            {"code": "RT", "label": "Risk treated", "ref": "risk:R-001", "target": "R-001 Wrong refund promise"},
            {"code": "LG", "label": "Law", "ref": "obligation:O-01", "target": "O-01 EU AI Act"},
        ][: 1 + number % 2],
        "owner": {"name": OWNERS[number % len(OWNERS)], "job_title": "Owner"},
        "review_on": "2026-09-30",
        "expires_on": None,
        "performed_by": "provider" if number == 9 else "us",
        "provider": "Talentgrid BV" if number == 9 else "",
        "agreement": "MSA 2025-11" if number == 9 else "",
        "implementation": state,
        "planned_on": "2026-09-30" if state == "planned" else None,
        "how": HOWS[number % len(HOWS)],
        "how_document": f"AIMS-PR-{number:02d} v2.0",
        "notes": "",
        "expects_evidence": number != 22,
        "no_evidence_reason": "Nothing has been reported yet" if number == 22 else "",
        "effectiveness": "nonconforming" if number == 7 else ("effective" if number % 3 else "not_tested"),
        "effectiveness_source": "",
        "evidence_state": "current" if number % 5 else "due",
        "evidence": [] if number in (17, 22) else [f"evidence:EV-{number + 1:03d}@2"],
        "drivers": [{"ref": "risk:R-001", "label": "R-001 Wrong refund promise"}],
        "per_system": [],
    } | changed


def the_entries() -> list[dict[str, Any]]:
    """38 controls and two of our own: one excluded, one excluded for one system."""
    _areas, controls = catalogue()
    rows = [an_entry(c["code"], c["title"], c["area"], n) for n, c in enumerate(controls)]
    rows[25] |= {
        "applicability": "excluded",
        "why": "No data set is bought or licensed. Applications come from the applicants themselves.",
        "reasons": [{"code": "NP", "label": "Activity not performed", "ref": "", "target": ""}],
        "expires_on": "2026-06-30",
        "implementation": "not_started",
        "evidence": [],
    }
    rows[27]["per_system"] = [
        {"system": "SYS-02", "applicability": "excluded", "why": "Prepared by Talentgrid.", "implementation": ""}
    ]
    own = {"kind": "own", "effectiveness": "not_tested", "implementation": "implemented"}
    rows.append(an_entry("ORG.1", "Refund promises above 200 EUR held for a person", "ORG", 3, **own))
    rows.append(
        an_entry("ORG.2", "Works council hears about new AI systems", "ORG", 4, **own | {"implementation": "planned"})
    )
    return rows


def an_evidence(number: int, controls: list[str]) -> dict[str, Any]:
    """One item with one file."""
    return {
        "code": f"EV-{number:03d}",
        "title": f"Proof number {number}, minutes and figures",
        "kind": "record" if number % 2 else "document",
        "number": 2,
        "made_on": "2026-03-02",
        "renew_by": "2027-03-02",
        "state": "current" if number % 5 else "renewal_due",
        "controls": controls,
        "files": [
            {"name": f"proof-{number}.pdf", "sha256": sha256(str(number).encode()).hexdigest(), "size": 1000 + number}
        ],
    }


def an_impact(number: int, before: tuple[int, int], now: tuple[int, int] | None, **changed: Any) -> dict[str, Any]:
    """One harm with a measure."""
    return {
        "number": number,
        "description": ("Applicants cannot learn why they were not invited", "Recruiters act on the rank unread")[
            number % 2
        ],
        "who": "All applicants",
        "level": "group",
        "valence": "harm",
        "likelihood": before[0],
        "severity": before[1],
        "residual_likelihood": now[0] if now else None,
        "residual_severity": now[1] if now else None,
        "target_likelihood": 1 if number == 2 else None,
        "target_severity": 4 if number == 2 else None,
        "target_on": "2026-09-30" if number == 2 else None,
        "measures": [
            {
                "text": "Plain reason sent on request within 10 days",
                "requirement": "A.8.5",
                "is_in_place": True,
                "due_on": None,
            },
            {"text": "Public summary", "requirement": "A.8.5", "is_in_place": False, "due_on": "2026-09-30"},
        ][: 1 + number % 2],
    } | changed


def an_assessment(code: str = "IA-2025-09", system: str = "SYS-02", impacts: int = 6) -> dict[str, Any]:
    """One decided assessment."""
    cells = [((4, 4), (2, 4)), ((3, 5), (2, 5)), ((4, 3), (2, 2)), ((4, 4), (3, 3)), ((3, 3), (1, 3)), ((2, 3), None)]
    rows = [an_impact(n + 1, *cells[n % len(cells)]) for n in range(impacts)]
    rows.append(an_impact(impacts + 1, (4, 3), None, valence="benefit", description="Likely matches are read sooner"))
    return {
        "code": code,
        "edition": "1.2",
        "system_code": system,
        "system_name": "Candidate Screening Ranker" if system == "SYS-02" else "Customer Support RAG Assistant",
        "criteria": {"number": 1},
        "intended_use": "The ranker orders applications so that likely matches are read first. It rejects nobody.",
        "foreseeable_misuse": "Only the first page is read; used for roles it was never tested on.",
        "oversight": "A recruiter opens every file; the rank may be overridden.",
        "benefits": "Likely matches are read sooner.",
        "decision": "conditions",
        "conditions": "Use goes on while the selection-rate ratio of each group stays above 0.80, checked each week.",
        "decided_by": "Marcus Lindqvist",
        "decided_on": "2025-10-01",
        "author": "Hannah Brandt",
        "next_review_on": "2026-10-01",
        "worst": {"score": 10, "band": "high"},
        "parties": [
            {
                "name": "Applicants",
                "kind": "group",
                "per_year": 3400,
                "heard": "212 survey replies",
                "can_opt_out": "",
                "is_vulnerable": False,
            },
            {
                "name": "Recruiters and managers",
                "kind": "individual",
                "per_year": 26,
                "heard": "2 focus groups",
                "can_opt_out": "",
                "is_vulnerable": False,
            },
        ],
        "impacts": rows,
    }


def a_risk(number: int) -> dict[str, Any]:
    """One treated risk."""
    return {
        "code": f"R-{number:03d}",
        "title": "The assistant promises a refund that the rules do not give",
        "source": "Stale knowledge base",
        "system": "SYS-01",
        "owner": "Grace Whitfield",
        "likelihood": 4,
        "severity": 3,
        "band": "high",
        "option": "modify",
        "due_on": "2026-06-30",
        "residual_likelihood": 2,
        "residual_severity": 3,
        "residual_band": "moderate",
        "accepted_by": "Marcus Lindqvist" if number % 2 else "",
        "controls": ["A.6.2.4", "A.6.2.6", "A.9.2"],
    }


def a_system(number: int, name: str, *, scope: bool | None = True) -> dict[str, Any]:
    """One registered AI system."""
    return {
        "code": f"SYS-{number:02d}",
        "name": name,
        "purpose": "Answers customers about orders, refunds and deliveries from our own help articles, day and night.",
        "stage": "operation",
        "supplier": "Northwind Models Inc",
        "model_name": "nw-large",
        "model_version": "2026-01",
        "is_in_scope": scope,
        "scope_reason": "It speaks to customers in our name.",
        "roles_played": ["provider", "producer"],
        "owner": "Tom Okafor",
    }


def a_body(**changed: Any) -> dict[str, Any]:
    """A whole statement of 40 rows."""
    entries = changed.pop("entries", None) or the_entries()
    numbers = {int(ref[12:15]) for entry in entries for ref in entry["evidence"]}
    return {
        "v": 1,
        "aims": {
            "slug": "meridian",
            "organisation": "Meridian Assist Ltd",
            "short_name": "Meridian Assist",
            "document_code": "SOA-MA-003",
            "roles_played": ["provider", "producer", "customer"],
            "jurisdictions": ["United Kingdom", "Portugal (European Union)"],
            "time_zone": "Europe/London",
            "is_demo": False,
        },
        "scope": {
            "number": 2,
            "text": "Design, supply and internal use of AI systems for customer support, hiring and invoice handling.",
            "boundaries": "Model training by suppliers lies outside. Interfaces: help desk, applicant tracking.",
            "sites": "Leeds and Porto",
            "effective_on": "2026-02-11",
        },
        "number": 3,
        "areas": catalogue()[0],
        "entries": entries,
        "systems": [
            a_system(1, "Customer Support RAG Assistant"),
            a_system(2, "Candidate Screening Ranker"),
            a_system(3, "Invoice Field Extractor"),
            a_system(4, "Meeting summariser", scope=False),
        ],
        "assessments": [an_assessment("IA-2025-07", "SYS-01", 4), an_assessment()],
        "risks": [a_risk(number) for number in range(1, 8)],
        "obligations": [
            {
                "code": "O-01",
                "kind": "law",
                "title": "EU AI Act",
                "party": "European Union",
                "source": "Regulation (EU) 2024/1689",
            },
            {
                "code": "O-11",
                "kind": "contract",
                "title": "Supplier code of conduct",
                "party": "Harbour Bank",
                "source": "MSA 2025",
            },
        ],
        "evidence": [an_evidence(number, []) for number in sorted(numbers)],
        "criteria": {
            "number": 1,
            "bands": {"low": [1, 4], "moderate": [5, 9], "high": [10, 14], "severe": [15, 25]},
            "severity_five_at_least": "high",
            "acceptance": {
                "Low": "The owner may accept it.",
                "Severe": "Nobody may accept it; it must be treated first.",
            },
        },
    } | changed


def a_previous_body() -> dict[str, Any]:
    """Version 2: three rows differed."""
    body = a_body(number=2)
    body["entries"][0] |= {"implementation": "planned"}
    body["entries"][3] |= {"why": "Another reason stood here before."}
    body["entries"][5] |= {"owner": {"name": "Somebody Else", "job_title": ""}}
    return body


def the_cycle() -> tuple[CycleDate, ...]:
    """A three-year cycle around the certificate of 30 October 2025."""
    return (
        CycleDate("Stage 1", date(2025, 5, 20), is_held=True),
        CycleDate("Stage 2", date(2025, 9, 23), is_held=True),
        CycleDate("Certificate issued", date(2025, 10, 30), True, True, "Northgate Certification", "AI 70418"),
        CycleDate("Internal audit", date(2026, 5, 4)),
        CycleDate("Surveillance 1", date(2026, 9, 22)),
        CycleDate("Surveillance 2", date(2027, 9, 21)),
        CycleDate("Recertification", date(2028, 8, 29)),
        CycleDate("Certificate expires", date(2028, 10, 29), is_certificate=True),
    )


def a_meta(**changed: Any) -> Meta:
    """What stands beside an approved version 3."""
    marcus = "Marcus Lindqvist"
    return Meta(
        **{
            "edition": "full",
            "is_draft": False,
            "generated_at": MADE_AT + timedelta(days=1),
            "frozen_at": MADE_AT,
            "number": 3,
            "digest": sha256(b"statement").hexdigest(),
            "state": "Approved",
            "submitted": Signature("Priya Raman", "Compliance officer", MADE_AT - timedelta(hours=18), 11698),
            "approved": Signature(marcus, "Chief technology officer", MADE_AT, 11702),
            "history": (
                PastVersion(3, MADE_AT, marcus, "34 controls re-decided after the annual review.", 11702),
                PastVersion(
                    2, MADE_AT - timedelta(days=197), marcus, "Candidate Screening Ranker brought into scope.", 6240
                ),
                PastVersion(1, MADE_AT - timedelta(days=312), marcus, "First issue, two AI systems.", 1018),
            ),
            "warnings": ("A.7.4: implemented, with an open nonconformity.", "7 items of evidence with renewal due."),
            "checkpoint": a_checkpoint(),
            "cycle": the_cycle(),
            "previous": a_previous_body(),
            "previous_number": 2,
            "certificate": Certificate("Meridian Assist Ltd (Assay)", sha256(b"certificate").hexdigest()),
        }
        | changed
    )


def a_checkpoint() -> Checked:
    """A checkpoint over 11 705 records, signed by a key of its own."""
    root = sha256(b"root")
    key = Ed25519PrivateKey.from_private_bytes(sha256(b"key").digest())
    origin = "assay/897e8c5e-c2c5-4754-ad9a-3e4de1acf61b"
    note = signed(Head(origin, 11705, root.digest()).text, origin, key)
    return Checked(11705, root.hexdigest(), MADE_AT, note)


def a_draft_meta(**changed: Any) -> Meta:
    """What stands beside a draft."""
    blank = {
        "is_draft": True,
        "number": None,
        "digest": "",
        "state": "",
        "submitted": None,
        "approved": None,
        "warnings": (),
        "certificate": None,
    }
    return a_meta(**blank | {"blockers": ("A.7.3 is undecided.", "A.8.3 is excluded without a reason.")} | changed)
