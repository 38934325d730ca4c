"""The whole schema against the running application, with requests that fit it and requests that do not."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from accounts.actor import Actor
from accounts.context import acting_in, current_aims_id
from accounts.roles import Role
from aims.actions import save_view
from aims.models import Aims
from assessments.actions import add_impact
from audits.actions import plan_milestone
from config.wsgi import application
from reports.actions import signing_identity
from soa.actions import submit
from tests.aims.make import an_obligation
from tests.api.make import a_decided_statement, a_machine
from tests.assessments.make import a_risk, an_assessment
from tests.evidence.make import an_evidence
from tests.make import a_member, an_organisation
from tests.systems.make import a_reliance, a_system

pytestmark = pytest.mark.django_db
EXAMPLES = 5
NAME = "walked"
REFUSED = ["409", "412", "422", "428"]  # a generated version is not the current one; a generated name is nobody's
CONFIG = SchemathesisConfig.from_dict(
    {
        "generation": {"allow-x00": False},
        "parameters": {"path.aims": NAME},
        # Record 1 is always there, and `aims` is filled in above: a case whose only fault is its AIMS finds it.
        "operations": [
            {"include-path-regex": "/chain/records/", "checks": {"negative_data_rejection": {"enabled": False}}}
        ],
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "404", *REFUSED]},
            "negative_data_rejection": {"expected-statuses": ["4xx"]},
            "missing_required_header": {"expected-statuses": ["400", "401", "403", "404", "415", "422", "428"]},
        },
    }
)
schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application, config=CONFIG)


def everything(officer: Actor) -> None:
    """One of every kind of thing that the API tells about."""
    system = a_system(officer, in_scope=True)
    a_reliance(officer, system)
    an_evidence(actor=officer, serves=["A.2.2"])
    a_decided_statement(officer)
    an_obligation(officer)
    a_risk(officer)
    add_impact(an_assessment(officer, system), level="individual", description="A wrong refund", actor=officer)
    plan_milestone(kind="stage_1", due_on=date(2027, 3, 1), actor=officer)
    save_view("evidence:list", "Due", "tab=due", actor=officer)
    signing_identity(Aims.objects.get(pk=current_aims_id()), actor=officer)


@pytest.fixture(scope="module")
def token(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A token that may do everything in an AIMS where there is something of every kind; undone in the end."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), one_connection(), transaction.atomic():
        patch.setattr(django_settings, "EVIDENCE_ROOT", tmp_path_factory.mktemp("files"))
        aims, officer = an_organisation(NAME)
        with acting_in(aims, officer):
            everything(officer)
            submit(aims, summary="First issue.", actor=officer)
            person = a_member(aims, Role.ADMINISTRATOR, Role.OFFICER, Role.APPROVER, by=officer)
            secret = a_machine(aims, person).secret
        yield secret
        transaction.set_rollback(True)


@contextmanager
def one_connection() -> Iterator[None]:
    """Let requests share the transaction, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)
def test_every_answer_is_as_documented(case: Any, token: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"})
