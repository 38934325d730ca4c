"""Addresses of the API: one router, its schema, and its page."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.routers import SimpleRouter

from aims.people_api import InvitationDoor, MembershipDoor, SavedViewDoor, TokenDoor
from aims.seats_api import DeputyDoor, SeatDoor
from aims.settings_api import ObligationDoor, OrganisationDoor, ScopeDoor
from assessments.api import AssessmentDoor
from assessments.criteria.api import CriteriaDoor
from assessments.files_api import BringDoor
from assessments.notes_api import CoAuthorDoor, RemarkDoor
from assessments.plans_api import PlanDoor
from assessments.portfolio_api import PortfolioDoor
from assessments.risks_api import RiskDoor
from assessments.screening.api import ScreeningDoor
from assessments.triggers.api import TriggerDoor
from audits.api import MilestoneDoor
from changes.api import ChangeDoor, VersionsDoor
from config.api import Docs, Schema, nothing
from desk.api import TaskDoor
from evidence.api import EvidenceDoor
from evidence.integrity_api import IntegrityDoor
from evidence.review_api import ReviewDoor
from incidents.api import IncidentDoor
from incidents.prepare_api import DutyDoor, RunbookDoor
from operations.api import CrossingDoor, ReadingDoor, SignalDoor
from operations.otlp_api import OtlpDoor
from operations.results_api import BenchmarkDoor, EvaluationDoor
from policies.api import PolicyDoor
from reports.api import CertificateDoor, PackDoor, ReportDoor
from soa.api import CheckDoor, EntryDoor, ImportDoor, StatementDoor, VersionDoor
from soa.proposals_api import ProposalDoor
from systems.api import SystemDoor
from systems.applying.api import ApplyingDoor
from systems.completeness_api import CompletenessDoor
from systems.judging.api import ResultDoor, RunDoor
from trace.api import LineageDoor
from trace.chain_api import ChainDoor, CheckpointDoor, RecordDoor

app_name = "api"
ORGANISATION: dict[str, Any] = {"get": "show", "patch": "describe"}
STATEMENT: dict[str, Any] = {"get": "show", "post": "open"}
ASSESSED = "assessments/<str:ref>"
OTLP = "a/<slug:aims>/otlp/v1/"  # exporters add no slash at the end
router = SimpleRouter()
router.register("scope", ScopeDoor, "scope")
router.register("obligations", ObligationDoor, "obligations")
router.register("memberships", MembershipDoor, "memberships")
router.register("seats", SeatDoor, "seats")
router.register("deputies", DeputyDoor, "deputies")
router.register("invitations", InvitationDoor, "invitations")
router.register("tokens", TokenDoor, "tokens")
router.register("views", SavedViewDoor, "views")
router.register("tasks", TaskDoor, "tasks")
router.register("policies", PolicyDoor, "policies")
router.register("policy-results", ResultDoor, "policy_results")
router.register("policy-runs", RunDoor, "policy_runs")
router.register("systems", SystemDoor, "systems")
router.register("signals", SignalDoor, "signals")
router.register("readings", ReadingDoor, "readings")
router.register("crossings", CrossingDoor, "crossings")
router.register("benchmarks", BenchmarkDoor, "benchmarks")
router.register("evaluations", EvaluationDoor, "evaluations")
router.register("incidents", IncidentDoor, "incidents")
router.register("runbooks", RunbookDoor, "runbooks")
router.register("notification-duties", DutyDoor, "notification_duties")
router.register("changes", ChangeDoor, "changes")
router.register("completeness", CompletenessDoor, "completeness")
router.register("assessments", AssessmentDoor, "assessments")
router.register("screenings", ScreeningDoor, "screenings")
router.register("risks", RiskDoor, "risks")
router.register("treatment-plans", PlanDoor, "treatment_plans")
router.register("triggers", TriggerDoor, "triggers")
router.register("evidence/integrity", IntegrityDoor, "evidence_integrity")
router.register("evidence/reviews", ReviewDoor, "evidence_reviews")
router.register("evidence", EvidenceDoor, "evidence")
router.register("soa/entries", EntryDoor, "soa_entries")
router.register("soa/versions", VersionDoor, "soa_versions")
router.register("soa/checks", CheckDoor, "soa_checks")
router.register("soa/proposals", ProposalDoor, "soa_proposals")
router.register("soa/imports", ImportDoor, "soa_imports")
router.register("cycle", MilestoneDoor, "cycle")
router.register("chain/records", RecordDoor, "chain_records")
router.register("chain/checkpoints", CheckpointDoor, "chain_checkpoints")
router.register("reports", ReportDoor, "reports")
router.register("packs", PackDoor, "packs")
router.register("certificates", CertificateDoor, "certificates")


def one(place: str, door: Any, name: str, verbs: dict[str, Any]) -> URLPattern:
    """Return the address of a thing that there is one of."""
    found: URLPattern = path(f"a/<slug:aims>/{place}/", door.as_view(verbs, basename=name), name=name)
    return found


urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(url_name="api:schema"), name="docs"),
    one("organisation", OrganisationDoor, "organisation", ORGANISATION),
    one("criteria", CriteriaDoor, "criteria", {"get": "show", "post": "set"}),
    one("criteria/versions", CriteriaDoor, "criteria_versions", {"get": "versions"}),
    one("criteria/compare", CriteriaDoor, "criteria_compare", {"get": "compare"}),
    one("assessments/import", BringDoor, "assessments_import", {"post": "create"}),
    one("assessments/portfolio", PortfolioDoor, "assessments_portfolio", {"get": "show"}),
    one(f"{ASSESSED}/remarks", RemarkDoor, "assessments_remarks", {"get": "list", "post": "create"}),
    one(f"{ASSESSED}/remarks/<int:part>/settle", RemarkDoor, "assessments_settle", {"post": "settle"}),
    one(f"{ASSESSED}/co-authors", CoAuthorDoor, "assessments_co_authors", {"get": "list", "post": "create"}),
    one(f"{ASSESSED}/co-authors/<int:part>/withdraw", CoAuthorDoor, "assessments_uninvite", {"post": "withdraw"}),
    one("soa", StatementDoor, "soa_statement", STATEMENT),
    one("changes/compare", VersionsDoor, "changes_compare", {"get": "show"}),
    one("lineage", LineageDoor, "lineage", {"get": "show"}),
    one("chain", ChainDoor, "chain", {"get": "show"}),
    one("chain/verify", ChainDoor, "chain_verify", {"post": "verify"}),
    one("chain/sign", ChainDoor, "chain_sign", {"post": "sign"}),
    one("systems/<str:code>/proposals", ApplyingDoor, "systems_proposals", {"get": "proposals"}),
    one("systems/<str:code>/eu-ai-act", ApplyingDoor, "systems_eu", {"get": "classification"}),
    path(f"{OTLP}metrics", OtlpDoor.as_view({"post": "metrics"}, basename="otlp"), name="otlp_metrics"),
    path(f"{OTLP}traces", OtlpDoor.as_view({"post": "traces"}, basename="otlp"), name="otlp_traces"),
    path("a/<slug:aims>/", include(router.urls)),
    re_path(r"^(?P<rest>[\s\S]*)$", nothing, name="nothing"),
]
