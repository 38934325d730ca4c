"""The pages that `make shots` goes to, and the pictures of the README."""

from dataclasses import dataclass

AIMS = "meridian"
EXAMPLE = "docs/example-soa.csv"


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: its address (within the demo AIMS unless it begins with a slash), who looks, and how to go on from it."""

    name: str
    path: str = ""
    role: str = "officer"
    follow: str = ""
    file: str = ""
    status: int = 200


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in docs/pictures; `is_submitted` wants the draft before its approver, so it comes last."""

    name: str
    shown: Shown
    theme: str = "light"
    is_submitted: bool = False


SYSTEM = f"main a[href^='/a/{AIMS}/systems/SYS']"
EVIDENCE = f"main a[href^='/a/{AIMS}/evidence/EV']"
ASSESSMENT = f"main a[href^='/a/{AIMS}/assessments/IA']"
SCREENING = f"main a[href^='/a/{AIMS}/assessments/screenings/SCR']"
INCIDENT = f"main a[href^='/a/{AIMS}/incidents/INC']"
RISK = f"main a[href^='/a/{AIMS}/assessments/risks/R']"
VERSION = f"main a[href^='/a/{AIMS}/soa/versions/']:not([href$='/versions/'])"

PAGES = (
    Shown("sign-in", "/accounts/login/", role=""),
    Shown("password-reset", "/accounts/password/reset/", role=""),
    Shown("not-found", "/nothing-here/", role="", status=404),
    Shown("overview"),
    Shown("overview-approver", role="approver"),
    Shown("overview-auditor", role="auditor"),
    Shown("soa", "soa/"),
    Shown("soa-panel", "soa/?control=A.6.2.4"),
    Shown("soa-approver", "soa/", role="approver"),
    Shown("entry", "soa/A.6.2.4/"),
    Shown("checks", "soa/checks/"),
    Shown("soa-applies", "soa/applies/"),
    Shown("soa-proposed", "soa/?control=A.10.3"),
    Shown("import", "soa/import/"),
    Shown("intake", "soa/import/", file=EXAMPLE),
    Shown("submit", "soa/submit/"),
    Shown("versions", "soa/versions/"),
    Shown("version", "soa/versions/", follow=VERSION),
    Shown("version-approver", "soa/versions/", role="approver", follow=VERSION),
    Shown("compare", "soa/compare/"),
    Shown("own-control", "soa/own/"),
    Shown("policies", "policies/"),
    Shown("policy", "policies/bias/"),
    Shown("policy-new", "policies/new/"),
    Shown("policy-runs", "judging/"),
    Shown("system-policies", "judging/SYS-01/"),
    Shown("systems", "systems/"),
    Shown("system", "systems/", follow=SYSTEM),
    Shown("system-new", "systems/new/"),
    Shown("system-applies", "systems/SYS-02/applies/"),
    Shown("system-eu-ai-act", "systems/SYS-02/eu-ai-act/"),
    Shown("asked", "systems/asked/A.7.5/"),
    Shown("monitoring", "operations/"),
    Shown("signals", "operations/SYS-02/"),
    Shown("signal", "operations/SYS-02/SIG-001/"),
    Shown("evaluations", "operations/SYS-02/evaluations/"),
    Shown("incidents", "incidents/"),
    Shown("incident", "incidents/", follow=INCIDENT),
    Shown("incident-new", "incidents/new/"),
    Shown("runbooks", "incidents/runbooks/"),
    Shown("duties", "incidents/duties/"),
    Shown("assessments", "assessments/"),
    Shown("assessment", "assessments/", follow=ASSESSMENT),
    Shown("portfolio", "assessments/portfolio/"),
    Shown("judgement-over-time", "assessments/history/SYS-01/"),
    Shown("assessment-writing", "assessments/?sort=-code", follow=ASSESSMENT),
    Shown("screenings", "assessments/screenings/"),
    Shown("screening", "assessments/screenings/", follow=SCREENING),
    Shown("risks", "assessments/risks/"),
    Shown("risk", "assessments/risks/", follow=RISK),
    Shown("evidence", "evidence/"),
    Shown("evidence-item", "evidence/", follow=EVIDENCE),
    Shown("evidence-upload", "evidence/upload/"),
    Shown("integrity", "evidence/integrity/"),
    Shown("cycle", "cycle/"),
    Shown("chain", "chain/"),
    Shown("chain-record", "chain/2/"),
    Shown("trace", "chain/trace/?subject=entry:A.6.2.4"),
    Shown("trace-version", "chain/trace/?subject=version:SOA-3"),
    Shown("chain-filtered", "chain/?period=month&role=officer"),
    Shown("chain-anchors", "chain/anchors/"),
    Shown("chain-erase", "chain/2/erase/"),
    Shown("reports", "reports/"),
    Shown("certificate", "reports/certificate/", role="administrator"),
    Shown("packs", "reports/packs/"),
    Shown("settings", "settings/"),
    Shown("scope", "settings/scope/"),
    Shown("obligations", "settings/obligations/"),
    Shown("people", "settings/people/"),
    Shown("jobs", "settings/jobs/", role="administrator"),
    Shown("me", "/me/"),
    Shown("factors", "/accounts/factors/"),
    Shown("sessions", "/accounts/sessions/"),
    Shown("sign-in-by-organisation", "/sso/", role=""),
    Shown("providers", "settings/sign-on/", role="administrator"),
    Shown("provider-new", "settings/sign-on/new/", role="administrator"),
    Shown("seat-new", "settings/people/seats/new/"),
    Shown("seat", "settings/people/", follow="main a[href*='/people/seats/']:not([href$='/new/'])"),
    Shown("share", "settings/people/share/"),
    Shown("overview-seat", role="certifier"),
    Shown("start", "/new/"),
)

_BY_NAME = {shown.name: shown for shown in PAGES}

PICTURES = (
    Picture("workbench", Shown("workbench", "soa/?control=A.7.3")),
    Picture("workbench-dark", Shown("workbench", "soa/?control=A.7.3"), theme="dark"),
    Picture("overview", _BY_NAME["overview"]),
    Picture("import", _BY_NAME["intake"]),
    Picture("checks", _BY_NAME["checks"]),
    Picture("assessment", _BY_NAME["assessment"]),
    Picture("trace", _BY_NAME["trace"]),
    Picture("approve", _BY_NAME["version-approver"], is_submitted=True),
)
