"""Every named address of the project, who may use it, and what its parameters name: `tests/matrix/` walks it.

A new address needs a row here, and a new parameter a line in `NAMING` or `PLAIN`. `made` finds or makes the things that
the address names, acting in the AIMS, and returns the parameters; inside an AIMS the slug is filled in. `may` are the
roles that may write by the method `writes`, `sees` those that may read; `only_people` keeps services and agents from
writing, `in_person` every token, since none can step up. `posted` is an older way to say `may`: what
somebody who may only read gets for a POST (403: stewards may; 405: it only shows; anything else: everybody may).
"""

from dataclasses import replace

from accounts.roles import EVERYONE, INSIDERS, STEWARDS, WRITERS, Role
from reports.permissions import PACKERS
from tests.matrix import things, things_of_assessments, things_of_people, things_of_risks
from tests.routes_of_api import API
from tests.routes_of_assessments import ASSESSMENTS, ASSESSMENTS_API
from tests.routes_of_systems import CHANGES, INCIDENTS, OPERATIONS, POLICIES, SYSTEMS
from tests.routing import ADMINISTRATORS, APPROVERS, VERB, Route, form, page, public, shared, verb

A_VIEW = {"page": "evidence:list", "name": "Walked", "query": "tab=due", "is_shared": False}

OUTSIDE = {
    "home": page(),
    "start": form(),
    "first_run": public(),
    "ai_system_schema": public(),
    "healthz": public(),
    "readyz": public(),
    "metrics": public(),
    "me": page(),
    "token_issue": Route(gets=False),
    "token_revoke": Route(made=things_of_people.token, gets=False, posted=VERB),
    "invitation": public(secret="1-nothing"),
    "accept_invitation": public(),
    "account_login": public(),
    "account_logout": public(),
    "account_change_password": page(),
    "account_reset_password": public(),
    "account_reset_password_done": public(),
    "account_reset_password_from_key": public(uidb36="1", key="nothing"),
    "account_reset_password_from_key_done": public(),
    "account_signup": public(),
    "account_inactive": public(),
    "email_change": page(),
    "email_confirm": page(token="nothing"),
    "confirm": page(),
    "go_on": page(key="nothing"),
    "account_reauthenticate": page(),
    "mfa_reauthenticate": page(),
    "mfa_reauthenticate_webauthn": page(),
    "mfa_authenticate": public(),
    "mfa_index": page(),
    "mfa_activate_totp": page(),
    "mfa_deactivate_totp": page(),
    "mfa_view_recovery_codes": page(),
    "mfa_generate_recovery_codes": page(),
    "mfa_download_recovery_codes": page(),
    "mfa_list_webauthn": page(),
    "mfa_add_webauthn": page(),
    "mfa_edit_webauthn": page(pk=1),
    "mfa_remove_webauthn": page(pk=1),
    "mfa_login_webauthn": public(),
    "usersessions_list": page(),
    "sessions_end_others": Route(gets=False),
    "session_end": Route({"pk": 1}, gets=False),
}
DESK = {
    "desk:overview": page(sees=EVERYONE),  # a seat is led to its own page
    "desk:seat": Route(sees=frozenset({Role.CERTIFIER}), closed=frozenset({404})),
    "desk:search": page(),
    "desk:remove_demo": verb(things.demo, body={"confirm": "remove"}),
}
AIMS = {
    "aims:settings": form(sees=INSIDERS),
    "aims:views": page(),
    "aims:view_save": verb(may=INSIDERS, body=A_VIEW),
    "aims:view_all": verb(may=INSIDERS, body={"page": "evidence:list"}),
    "aims:view": form(things_of_people.view),
    "aims:view_begin": verb(things_of_people.view, may=INSIDERS),
    "aims:view_delete": verb(things_of_people.view),
    "aims:deputy_name": form(
        things_of_people.role, may=frozenset({Role.ADMINISTRATOR, Role.REVIEWER}), body={"valid_until": "2026-08-01"}
    ),  # a reviewer's own
    "aims:deputy_end": form(things_of_people.deputy, may=frozenset({Role.ADMINISTRATOR, Role.REVIEWER})),
    "aims:seat_new": form(body=things_of_people.a_new_seat),
    "aims:seat": page(things_of_people.seat, sees=STEWARDS),
    "aims:seat_date": form(things_of_people.seat, body={"valid_until": "2026-09-01"}),
    "aims:share": form(),
    "aims:unshare": form(things_of_people.share),
    "aims:scope": form(sees=INSIDERS),
    "aims:obligations": page(),
    "aims:obligation_new": form(),
    "aims:obligation": form(things.obligation, sees=INSIDERS),
    "aims:obligation_withdraw": form(things.obligation),
    "aims:people": page(),
    "aims:invite": form(),
    "aims:grant": form(),
    "aims:revoke": form(things_of_people.role),
    "aims:invitation": form(things_of_people.named),
}
SIGNON = {
    "signon_find": public(),
    "signon_door": public(organisation="nobody"),
    **{
        f"signon_{name}": public(organisation="nobody", code="IDP-99")
        for name in ("start", "callback", "finish", "metadata")
    },
    "signon_acs": Route({"organisation": "nobody", "code": "IDP-99"}, gets=False, is_public=True),
    "signon_unlink": Route({"organisation": "nobody", "pk": 1}, gets=False),
    "signon:providers": page(),
    "signon:require": verb(may=ADMINISTRATORS),
    "signon:new": form(may=ADMINISTRATORS),
    "signon:provider": form(things_of_people.provider, may=ADMINISTRATORS, body=things_of_people.issuer),
    "signon:withdraw": form(things_of_people.provider, may=ADMINISTRATORS),
    "signon:cut": verb(things_of_people.identity, may=ADMINISTRATORS),
}
EVIDENCE = {
    "evidence:list": page(),
    "evidence:upload": form(may=WRITERS),
    "evidence:export": page(),
    "evidence:integrity": page(),
    "evidence:check_integrity": verb(may=INSIDERS),
    "evidence:integrity_progress": page(),
    "evidence:stop_check": verb(things.check_under_way),
    "evidence:detail": shared(things.evidence),
    **{f"evidence:{name}": form(things.evidence, may=WRITERS) for name in ("renew", "edit", "link", "withdraw")},
    "evidence:scan": verb(things.evidence),
    "evidence:reviews": page(),
    "evidence:ask_review": verb(things.evidence, may=WRITERS | {Role.REVIEWER}),
    "evidence:confirm_review": replace(
        form(things.review, may=STEWARDS | {Role.REVIEWER}),
        is_refused=True,  # it walks as an auditor too
    ),
    "evidence:unlink": form(things.evidence_link, may=WRITERS),
    "evidence:accept_suggestion": verb(things.suggestion, may=WRITERS),
    "evidence:refuse_suggestion": verb(things.suggestion, may=WRITERS),
    "evidence:download": shared(things.file),
}
SOA = {
    "soa:workbench": page(),
    "soa:open": verb(),
    "soa:checks": page(),
    "soa:applies": page(),
    "soa:bulk": verb(body={"control": ["A.2.2"], "implementation": "partly"}),
    "soa:area": verb(body={"control": ["A.2.2"]}),
    "soa:own": form(),
    "soa:take": verb(body={"control": ["A.6.2.6"]}),
    "soa:renew": form(),
    "soa:import": form(body=things.a_spreadsheet),
    "soa:intake": form(things.intake, body={"flagged": "0"}),
    "soa:export": page(form="xlsx"),
    "soa:submit": form(sees=INSIDERS),
    "soa:versions": page(),
    "soa:version": shared(things.version),
    "soa:approve": verb(things.waiting_version, may=APPROVERS, body=things.shown_version),
    "soa:return": verb(things.waiting_version, may=APPROVERS, body=things.shown_version),
    "soa:compare": page(),
    "soa:entry": form(things.own_control, sees=INSIDERS),
    "soa:decide": verb(things.own_control),
    "soa:undo": verb(things.row_of_the_chief, body=things.seen_row),
    "soa:row": page(things.own_control),
    "soa:system": verb(things.row_for_system),
}
AUDITS = {
    "audits:cycle": page(),
    "audits:plan": form(),
    "audits:edit": form(things.milestone),
    "audits:hold": form(things.milestone, may=WRITERS),
    "audits:withdraw": form(things.milestone),
}
TRACE = {
    "trace:records": page(asks=("q", "actor", "event", "kind", "subject", "role", "membership")),
    "trace:record": page(things.record_number),
    "trace:verify": verb(may=INSIDERS),
    "trace:verification": page(),
    "trace:export": page(),
    "trace:lineage": page(),
    "trace:proof": shared(things.record_number),
    "trace:raw": shared(things.record_number),
    "trace:erase": form(things.erasable, body={"parts": ["rationale"]}),
    "trace:sign": verb(may=INSIDERS),
    "trace:anchors": page(),
    "trace:rotate": form(may=ADMINISTRATORS),
    "trace:send": verb(may=STEWARDS | {Role.AUDITOR}, body=things.renamed(things_of_people.certifier, pk="membership")),
    "trace:token": shared(things.timestamp),
    "trace:resume": Route(may=ADMINISTRATORS, sees=ADMINISTRATORS, is_refused=True),  # nothing was lost
    "trace:set_aside": form(things.forged_record, may=ADMINISTRATORS),
    "trace:checkpoint": shared(things.checkpoint),
}
REPORTS = {
    "reports:treatment-plan": page(things_of_risks.approved_plan),
    "reports:list": page(),
    "reports:ask": verb(may=INSIDERS),
    "reports:ask-portfolio": verb(may=INSIDERS),
    "reports:ask-assessment": verb(things_of_assessments.assessment, may=INSIDERS),
    "reports:packs": page(),
    "reports:pack_ask": verb(may=PACKERS),
    "reports:pack": page(things.pack),
    "reports:pack_cancel": verb(things.waiting_pack),
    "reports:pack_again": verb(things.pack, may=PACKERS),
    "reports:pack_download": shared(things.pack, sees=PACKERS),
    "reports:row": page(things.waiting_report),
    "reports:cancel": verb(things.waiting_report),
    "reports:again": verb(things.report, may=INSIDERS),
    "reports:download": shared(things.report),
    "reports:certificate": form(may=ADMINISTRATORS, sees=INSIDERS, body=things.a_certificate_file),
    "reports:certificate_renew": verb(may=ADMINISTRATORS),
    "reports:certificate_pem": page(things.certificate),
}
UPKEEP = {
    "upkeep:work": page(sees=ADMINISTRATORS),
    "upkeep:retry": verb(things.dead_job, may=ADMINISTRATORS),
    "upkeep:give_up": verb(things.dead_job, may=ADMINISTRATORS),
    "upkeep:mail": verb(things.failed_mail, may=ADMINISTRATORS),
}
ROUTES: dict[str, Route] = {
    **OUTSIDE,
    **DESK,
    **AIMS,
    **SIGNON,
    **SYSTEMS,
    **POLICIES,
    **OPERATIONS,
    **INCIDENTS,
    **CHANGES,
    **ASSESSMENTS,
    **EVIDENCE,
    **SOA,
    **AUDITS,
    **TRACE,
    **REPORTS,
    **UPKEEP,
    **ASSESSMENTS_API,
    **API,
}
