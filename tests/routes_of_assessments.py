"""The addresses of criteria, screenings, impact assessments, triggers and risks: pages and API."""

from accounts.roles import INSIDERS, STEWARDS, WRITERS, Role
from tests.matrix import things, things_of_assessments, things_of_risks
from tests.routing import APPROVERS, DECIDERS, READ_FIRST, VERB, Route, form, page, shared, verb

AN_ANSWER = {"seen": 1, "text": "Walked", "not_applicable_because": ""}
_DRAFT = things.by_ref(things_of_assessments.assessment)
_QUESTION = things_of_assessments.question_by_ref
_SUBMITTED = things.by_ref(things_of_assessments.submitted_assessment)
_DECIDED = things.by_ref(things_of_assessments.decided_assessment)
_REMARK = things.by_ref(things_of_assessments.comment)
_CO_AUTHOR = things.by_ref(things_of_assessments.co_author)
_IMPACT = things.by_ref(things_of_assessments.impact)
_PARTS = {kind: things.by_ref(getattr(things_of_assessments, kind)) for kind in ("party", "impact", "measure")}

ASSESSMENTS = {
    "criteria:page": form(sees=INSIDERS),
    "criteria:compare": page(),
    "criteria:untreated": page(),
    "criteria:earlier": page(),
    "criteria:judge-assessment": verb(things_of_assessments.assessment, may=WRITERS),
    "criteria:judge-risk": verb(things_of_assessments.risk, may=WRITERS),
    "assessments:list": page(),
    "assessments:new": form(may=WRITERS),
    "assessments:import": form(may=WRITERS, body=things_of_risks.a_file_of_an_assessment),
    "assessments:detail": shared(things_of_assessments.assessment),
    "assessments:portfolio": page(),
    "assessments:history": page(things.only(things.any_system, code="system")),
    "assessments:law": page(things_of_assessments.assessment),
    "assessments:law-of-system": page(things.only(things.any_system, code="system")),
    "assessments:screenings": page(),
    "assessments:screen": form(may=WRITERS, body=things_of_assessments.unscreened),
    "assessments:screening": form(things_of_assessments.screening, may=WRITERS, sees=INSIDERS),
    "assessments:screening-sign": verb(
        things_of_assessments.waiting_screening,
        may=frozenset({Role.OFFICER, Role.APPROVER}),
        body=things_of_assessments.a_year_on,
    ),
    "assessments:screening-return": verb(
        things_of_assessments.waiting_screening,
        may=STEWARDS | {Role.APPROVER, Role.REVIEWER},
        body=things_of_assessments.seen_screening,
    ),
    "assessments:screening-start": verb(things_of_assessments.due_screening, may=WRITERS),
    "assessments:answer": verb(things_of_assessments.question, may=WRITERS, body=AN_ANSWER),
    "assessments:comment": verb(things_of_assessments.section, may=INSIDERS - {Role.AUDITOR}, body={"text": "Walked"}),
    "assessments:settle-comment": verb(things_of_assessments.comment, may=WRITERS),
    "assessments:co-authors": form(things_of_assessments.assessment, may=WRITERS),
    "assessments:withdraw-co-author": verb(things_of_assessments.co_author, may=WRITERS),
    "assessments:risks": page(),
    "assessments:risk": page(things_of_assessments.risk),
    "assessments:new-risk": form(may=WRITERS),
    "assessments:import-risks": form(may=WRITERS, body=things_of_risks.a_register_of_risks),
    "assessments:threats": page(),
    "assessments:plan": page(),
    "assessments:plan-workbook": page(),
    "assessments:submit-plan": form(things_of_risks.none_waits),
    "assessments:treatment-plan": page(things_of_risks.waiting_plan),
    "assessments:treatment-plan-workbook": page(things_of_risks.waiting_plan),
    "assessments:approve-plan": form(things_of_risks.waiting_plan, may=APPROVERS),
    "assessments:return-plan": form(things_of_risks.waiting_plan, may=DECIDERS),
    "assessments:verify-risk": form(things_of_assessments.risk, may=STEWARDS | {Role.AUDITOR, Role.REVIEWER}),
    "assessments:feed": form(things_of_assessments.risk, may=WRITERS, body=things_of_risks.an_impact),
    "assessments:stop-feeding": verb(things_of_risks.feeding, may=WRITERS),
    "assessments:edit-risk": form(things_of_assessments.risk, may=WRITERS),
    "assessments:treat": form(things_of_assessments.risk, may=WRITERS),
    "assessments:accept-risk": form(
        things_of_assessments.risk, may=frozenset({Role.OFFICER, Role.OWNER, Role.APPROVER})
    ),
    "assessments:withdraw-risk": form(things_of_assessments.risk, may=WRITERS),
    "assessments:stop-treating": verb(things_of_assessments.treatment, may=WRITERS),
    "assessments:markdown": page(things_of_assessments.assessment),
    "assessments:purpose": form(things_of_assessments.assessment, may=WRITERS),
    "assessments:scores": verb(things_of_assessments.assessment, may=WRITERS),
    "assessments:submit": verb(things_of_assessments.assessment, may=WRITERS, body=things_of_assessments.seen_draft),
    "assessments:return": form(
        things_of_assessments.submitted_assessment, may=STEWARDS | {Role.APPROVER, Role.REVIEWER}
    ),
    "assessments:decide": form(
        things_of_assessments.submitted_assessment, may=APPROVERS, body=things_of_assessments.a_decision
    ),
    "assessments:revise": form(things_of_assessments.decided_assessment, may=WRITERS),
    "assessments:triggers": form(
        things_of_assessments.open_trigger, may=WRITERS, sees=INSIDERS, body=things_of_assessments.an_answer
    ),
    "assessments:report-trigger": form(things_of_assessments.decided_assessment, may=INSIDERS),
    **{
        f"assessments:new-{kind}": form(things_of_assessments.assessment, may=WRITERS)
        for kind in ("party", "impact", "measure")
    },
    **{
        f"assessments:{kind}": form(getattr(things_of_assessments, kind), may=WRITERS)
        for kind in ("party", "impact", "measure")
    },
    **{
        f"assessments:withdraw-{kind}": verb(getattr(things_of_assessments, kind), may=WRITERS)
        for kind in ("party", "impact", "measure")
    },
}
ASSESSMENTS_API = {
    "api:criteria": Route(may=STEWARDS, only_people=True, body=things.other_criteria),
    "api:criteria_versions": page(),
    "api:criteria_compare": page(),
    "api:assessments-eu-ai-act": page(_DRAFT),
    "api:assessments-list": Route(may=WRITERS, only_people=True, body=things.fresh_system, closed=READ_FIRST),
    "api:assessments-detail": Route(made=_DRAFT, may=WRITERS, writes="PATCH", only_people=True),
    **{
        f"api:assessments-{name}": verb(_DRAFT, may=WRITERS, only_people=True)
        for name in ("submit", "add-party", "add-impact")
    },
    "api:assessments-answer": verb(_QUESTION, may=WRITERS, only_people=True, body=AN_ANSWER),
    "api:assessments-add-measure": verb(_IMPACT, may=WRITERS, only_people=True, body={"text": "Walked"}),
    "api:assessments-send-back": verb(_SUBMITTED, may=STEWARDS | {Role.APPROVER, Role.REVIEWER}, only_people=True),
    "api:assessments-decide": Route(
        made=_SUBMITTED, gets=False, may=APPROVERS, in_person=True, body=things_of_assessments.a_decision
    ),
    "api:assessments-judge-anew": Route(made=_DRAFT, gets=False, may=WRITERS, only_people=True, is_refused=True),
    "api:assessments-revise": verb(_DECIDED, may=WRITERS, only_people=True),
    **{
        f"api:assessments-edit-{name}": Route(made=made, gets=False, may=WRITERS, writes="PATCH", only_people=True)
        for name, made in _PARTS.items()
    },
    **{f"api:assessments-withdraw-{name}": verb(made, may=WRITERS, only_people=True) for name, made in _PARTS.items()},
    "api:assessments-markdown": page(_DRAFT),
    "api:assessments_import": Route(
        posted=VERB, gets=False, may=WRITERS, only_people=True, body=things_of_risks.a_file_of_an_assessment
    ),
    "api:assessments_portfolio": page(),
    "api:assessments_remarks": Route(
        made=_DRAFT, may=INSIDERS - {Role.AUDITOR}, only_people=True, body={"section": "scope", "text": "Walked"}
    ),
    "api:assessments_settle": verb(_REMARK, may=WRITERS, only_people=True),
    "api:assessments_co_authors": Route(
        made=_DRAFT, may=WRITERS, only_people=True, body=things_of_assessments.another_writer
    ),
    "api:assessments_uninvite": verb(_CO_AUTHOR, may=WRITERS, only_people=True),
    "api:screenings-list": Route(may=WRITERS, only_people=True, body=things.fresh_system, closed=READ_FIRST),
    "api:screenings-detail": page(things_of_assessments.screening),
    "api:screenings-answer": verb(
        things_of_assessments.screening, may=WRITERS, only_people=True, body={"answers": {"people": {"answer": "yes"}}}
    ),
    "api:screenings-conclude": verb(things_of_assessments.answered_screening, may=WRITERS, only_people=True),
    "api:screenings-sign": Route(
        made=things_of_assessments.waiting_screening,
        gets=False,
        may=frozenset({Role.OFFICER, Role.APPROVER}),
        in_person=True,
        body=things_of_assessments.a_year_on,
    ),
    "api:screenings-send-back": verb(
        things_of_assessments.waiting_screening, may=STEWARDS | {Role.APPROVER, Role.REVIEWER}, only_people=True
    ),
    "api:screenings-start": verb(things_of_assessments.due_screening, may=WRITERS, only_people=True),
    "api:triggers-list": Route(may=INSIDERS, only_people=True, body=things_of_assessments.what_happened),
    "api:triggers-detail": page(things_of_assessments.trigger),
    "api:triggers-answer": verb(
        things_of_assessments.trigger, may=WRITERS, only_people=True, body={"sections": ["model"]}
    ),
    "api:risks-list": Route(may=WRITERS, only_people=True),
    "api:risks-detail": Route(made=things_of_assessments.risk, may=WRITERS, writes="PATCH", only_people=True),
    "api:risks-treat": verb(things_of_assessments.risk, may=WRITERS, only_people=True),
    "api:risks-judge-anew": Route(
        made=things_of_assessments.risk, gets=False, may=WRITERS, only_people=True, is_refused=True
    ),
    "api:risks-accept": Route(
        made=things_of_assessments.risk,
        gets=False,
        may=frozenset({Role.OFFICER, Role.OWNER, Role.APPROVER}),
        in_person=True,
        body={"reason": "Low enough."},
    ),
    "api:risks-verify": verb(
        things_of_assessments.risk, may=STEWARDS | {Role.AUDITOR, Role.REVIEWER}, only_people=True
    ),
    "api:treatment_plans-list": Route(made=things_of_risks.none_waits, may=STEWARDS, only_people=True),
    "api:treatment_plans-detail": page(things_of_risks.waiting_plan),
    "api:treatment_plans-approve": Route(
        made=things_of_risks.waiting_plan, gets=False, may=APPROVERS, in_person=True, body={"reason": "Walked"}
    ),
    "api:treatment_plans-send-back": verb(things_of_risks.waiting_plan, may=DECIDERS, only_people=True),
    "api:risks-withdraw": verb(things_of_assessments.risk, may=WRITERS, only_people=True),
    "api:risks-stop-treating": verb(
        things.renamed(things_of_assessments.treatment, pk="link"), may=WRITERS, only_people=True
    ),
}
