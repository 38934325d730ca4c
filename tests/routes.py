"""Every named address of the project and how it is to answer; `test_urlconf.py` walks it.

A new address needs a row here. `sample` fills its parameters; `made` makes the things it names, acting in the AIMS,
and returns the parameters. Inside an AIMS the slug is filled in. `posted` is what a read-only role gets for a POST:
403 for verbs, 405 for pages that only show. Where a row names nothing that exists, 404 may come first.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from accounts.actor import Actor
from accounts.context import current_aims_id
from aims.actions import invite_owner_by_name, save_view
from aims.models import Aims, Invitation, Membership
from reports.actions import signing_identity
from signon.actions import add_provider
from signon.models import Protocol
from tests.aims.make import an_obligation
from tests.systems.make import a_system

Params = dict[str, Any]
READS = frozenset({405})
VERB = frozenset({403})
VERB_ON_NOTHING = frozenset({403, 404})


@dataclass(frozen=True, slots=True)
class Route:
    """How one address is to be asked and how it answers."""

    sample: Params = field(default_factory=dict)
    made: Callable[[Actor], Params] | None = None
    posted: frozenset[int] = READS
    is_public: bool = False
    gets: bool = True

    def params(self, officer: Actor) -> Params:
        """The parameters, with the things they name made first."""
        return self.made(officer) if self.made else self.sample


def public(**sample: Any) -> Route:
    """An address that anybody may ask for."""
    return Route(sample, is_public=True)


def page(**sample: Any) -> Route:
    """An address that only shows."""
    return Route(sample)


def form(made: Callable[[Actor], Params] | None = None, **sample: Any) -> Route:
    """A page with a form: everybody may ask for it who may use it."""
    return Route(sample, made, VERB)


def verb(made: Callable[[Actor], Params] | None = None, **sample: Any) -> Route:
    """An address that is only posted to; without `made` its sample names nothing, so 404 may come first."""
    posted = VERB if made or not sample else VERB_ON_NOTHING
    return Route(sample, made, posted, gets=False)


def unmade(**sample: Any) -> Route:
    """A page with a form about something that the table does not make yet."""
    return Route(sample, None, VERB_ON_NOTHING)


def _obligation(officer: Actor) -> Params:
    return {"code": an_obligation(officer).code}


def _role(officer: Actor) -> Params:
    return {"pk": Membership.objects.filter(user=officer.user_id)[0].pk}


def _named(officer: Actor) -> Params:
    return {"pk": Invitation.objects.get(user=invite_owner_by_name("Ana Lima", actor=officer)).pk}


def _system(officer: Actor) -> Params:
    return {"code": a_system(officer).code}


def _provider(officer: Actor) -> Params:
    return {"code": add_provider("Northwind ID", protocol=Protocol.OIDC, actor=officer).code}


def _certificate(officer: Actor) -> Params:
    return {"code": signing_identity(Aims.objects.get(pk=current_aims_id()), actor=officer).code}


def _view(officer: Actor) -> Params:
    return {"pk": save_view("evidence:list", f"Due {uuid4().hex[:8]}", "tab=due", is_shared=True, actor=officer).pk}


CONTROL = {"code": "A.6.2.4"}
NOTHING = {"code": "XX-99"}
ASSESSMENT = {"code": "IA-2026-99", "edition": "1.0"}

OUTSIDE = {
    "home": page(),
    "start": form(),
    "first_run": public(),
    "healthz": public(),
    "readyz": public(),
    "metrics": public(),
    "me": page(),
    "token_issue": Route(gets=False),
    "token_revoke": Route({"pk": 1}, gets=False),
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
    "desk:overview": page(),
    "desk:seat": page(),
    "desk:search": page(),
    "desk:remove_demo": verb(),
}
AIMS = {
    "aims:settings": form(),
    "aims:scope": form(),
    "aims:views": page(),
    "aims:view_save": Route(posted=frozenset({404}), gets=False),  # everybody may keep views for themselves
    "aims:view_all": Route(posted=frozenset({404}), gets=False),
    "aims:view": form(_view),
    "aims:view_begin": Route(made=_view, posted=frozenset({302}), gets=False),
    "aims:view_delete": verb(_view),
    "aims:obligations": page(),
    "aims:obligation_new": form(),
    "aims:obligation": form(_obligation),
    "aims:obligation_withdraw": form(_obligation),
    "aims:people": page(),
    "aims:invite": form(),
    "aims:grant": form(),
    "aims:revoke": form(_role),
    "aims:invitation": form(_named),
    "aims:deputy_name": form(_role),
    "aims:deputy_end": unmade(pk=999),
    "aims:seat_new": form(),
    "aims:seat": page(pk=999),
    "aims:seat_date": unmade(pk=999),
    "aims:share": Route(posted=VERB),
    "aims:unshare": unmade(pk=999),
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
    "signon:require": verb(),
    "signon:new": form(),
    "signon:provider": form(_provider),
    "signon:withdraw": form(_provider),
    "signon:cut": verb(code="IDP-99", pk=1),
}
SYSTEMS = {
    "systems:list": page(),
    "systems:new": form(),
    "systems:detail": Route(made=_system),
    "systems:edit": form(_system),
    "systems:scope": form(_system),
    "systems:stage": form(_system),
    "systems:rely": form(_system),
    "systems:let_go": verb(code="SYS-99", pk=1),
}
ASSESSMENTS = {
    "assessments:list": page(),
    "assessments:new": form(),
    "assessments:detail": page(**ASSESSMENT),
    "assessments:risks": page(),
    "assessments:risk": page(**NOTHING),
    "assessments:new-risk": form(),
    **{f"assessments:{name}": unmade(**NOTHING) for name in ("edit-risk", "treat", "accept-risk", "withdraw-risk")},
    "assessments:stop-treating": verb(**NOTHING, pk=1),
    **{
        f"assessments:{name}": unmade(**ASSESSMENT)
        for name in ("purpose", "scores", "submit", "return", "decide", "revise")
    },
    **{f"assessments:new-{kind}": unmade(**ASSESSMENT) for kind in ("party", "impact", "measure")},
    **{f"assessments:{kind}": unmade(**ASSESSMENT, pk=1) for kind in ("party", "impact", "measure")},
    **{f"assessments:withdraw-{kind}": unmade(**ASSESSMENT, pk=1) for kind in ("party", "impact", "measure")},
}
EVIDENCE = {
    "evidence:list": page(),
    "evidence:upload": form(),
    "evidence:export": page(),
    "evidence:integrity": page(),
    "evidence:check_integrity": Route(posted=frozenset({302}), gets=False),  # every member may; it records nothing
    "evidence:integrity_progress": page(),
    "evidence:stop_check": verb(),
    "evidence:detail": page(code="EV-999"),
    **{f"evidence:{name}": unmade(code="EV-999") for name in ("renew", "edit", "link", "withdraw")},
    "evidence:scan": verb(code="EV-999"),
    "evidence:unlink": verb(code="EV-999", pk=1),
    "evidence:download": page(code="EV-999", number=1, file_id=1),
}
SOA = {
    "soa:workbench": page(),
    "soa:open": verb(),
    "soa:checks": page(),
    "soa:bulk": Route(posted=VERB_ON_NOTHING, gets=False),
    "soa:area": Route(posted=VERB_ON_NOTHING, gets=False),
    "soa:own": unmade(),
    "soa:import": unmade(),
    "soa:intake": unmade(pk=1),
    "soa:export": page(form="xlsx"),
    "soa:submit": unmade(),
    "soa:versions": page(),
    "soa:version": page(pk=1),
    "soa:approve": verb(pk=1),
    "soa:return": verb(pk=1),
    "soa:compare": page(),
    "soa:entry": unmade(**CONTROL),
    "soa:decide": verb(**CONTROL),
    "soa:undo": verb(**CONTROL),
    "soa:row": page(**CONTROL),
    "soa:system": verb(**CONTROL, system_code="SYS-01"),
}
AUDITS = {
    "audits:cycle": page(),
    "audits:plan": form(),
    "audits:edit": unmade(pk=1),
    "audits:hold": unmade(pk=1),
    "audits:withdraw": unmade(pk=1),
}
TRACE = {
    "trace:records": page(),
    "trace:record": page(number=1),
    "trace:verify": Route(posted=frozenset({302}), gets=False),  # every member may; it records nothing
    "trace:verification": page(),
    "trace:export": page(),
    "trace:lineage": page(),
    "trace:proof": page(number=1),
    "trace:raw": page(number=1),
    "trace:erase": form(number=1),
    "trace:sign": Route(posted=frozenset({302}), gets=False),  # every member may; it adds nothing to what stands there
    "trace:anchors": page(),
    "trace:rotate": form(),
    "trace:send": verb(),
    "trace:token": page(size=1),
    "trace:resume": form(),
    "trace:set_aside": form(event_id=UUID(int=0)),
    "trace:checkpoint": page(size=1),
}
REPORTS = {
    "reports:list": page(),
    "reports:ask": Route(posted=frozenset({422}), gets=False),  # every member may ask
    "reports:packs": page(),
    "reports:pack_ask": verb(),
    "reports:pack": page(code="PK-001"),
    "reports:pack_cancel": verb(code="PK-001"),
    "reports:pack_again": verb(code="PK-001"),
    "reports:pack_download": page(code="PK-001"),
    "reports:row": page(pk=1),
    "reports:cancel": verb(pk=1),
    "reports:again": verb(pk=1),
    "reports:download": page(pk=1),
    "reports:certificate": Route(posted=VERB),
    "reports:certificate_renew": verb(),
    "reports:certificate_pem": Route(made=_certificate),
}
UPKEEP = {
    "upkeep:work": page(),
    "upkeep:retry": verb(pk=1),
    "upkeep:give_up": verb(pk=1),
    "upkeep:mail": verb(pk=1, fate="again"),
}
API = {
    "api:schema": public(),
    "api:docs": page(),
    "api:nothing": public(rest="nothing/"),
    "api:systems-list": Route(posted=VERB),
    "api:systems-detail": Route(made=_system),
    "api:systems-scope": verb(_system),
    "api:systems-stage": verb(_system),
    "api:systems-rely": verb(_system),
    "api:systems-let-go": verb(code="SYS-99", link=1),
    "api:evidence-list": Route(posted=VERB),
    "api:evidence-detail": page(code="EV-999"),
    **{f"api:evidence-{name}": verb(code="EV-999") for name in ("give-version", "link", "scan", "withdraw")},
    "api:evidence-unlink": verb(code="EV-999", link=1),
    "api:evidence-download": page(code="EV-999", number=1, file=1),
    "api:soa_statement": Route(posted=VERB),
    "api:soa_checks-list": page(),
    "api:soa_entries-list": Route(posted=VERB),
    "api:soa_entries-detail": page(**CONTROL),
    **{f"api:soa_entries-{name}": verb(**CONTROL) for name in ("decide", "undo")},
    "api:soa_entries-for-system": verb(**CONTROL, system="SYS-01"),
    "api:soa_versions-list": Route(posted=VERB),
    "api:soa_versions-detail": page(number=1),
    "api:soa_versions-approve": verb(number=1),
    "api:soa_versions-send-back": verb(number=1),
    "api:lineage": page(),
    "api:organisation": Route(posted=READS),
    "api:criteria": page(),
    "api:scope-list": Route(posted=VERB),
    "api:obligations-list": Route(posted=VERB),
    "api:obligations-detail": Route(made=_obligation),
    "api:obligations-withdraw": verb(_obligation),
    "api:memberships-list": Route(posted=VERB),
    "api:memberships-revoke": verb(_role),
    "api:invitations-list": Route(posted=VERB),
    "api:invitations-send": verb(_named),
    "api:tokens-list": Route(posted=frozenset({415})),  # everybody issues tokens for themselves
    "api:tokens-revoke": verb(prefix="nothing"),
    "api:views-list": Route(posted=frozenset({415})),  # everybody may keep views for themselves
    "api:views-detail": Route(made=_view, gets=False),
    "api:views-begin": Route(made=_view, posted=frozenset({200}), gets=False),
    "api:views-delete-view": verb(_view),
    "api:tasks-list": page(),
    "api:assessments-list": Route(posted=frozenset({415})),  # who may start one depends on the system
    "api:assessments-detail": page(ref="IA-2026-99@1.0"),
    **{
        f"api:assessments-{name}": verb(ref="IA-2026-99@1.0")
        for name in ("submit", "send-back", "decide", "revise", "add-party", "add-impact")
    },
    "api:assessments-add-measure": verb(ref="IA-2026-99@1.0", part=1),
    **{f"api:assessments-edit-{name}": page(ref="IA-2026-99@1.0", part=1) for name in ("party", "impact", "measure")},
    **{
        f"api:assessments-withdraw-{name}": verb(ref="IA-2026-99@1.0", part=1)
        for name in ("party", "impact", "measure")
    },
    "api:risks-list": Route(posted=VERB),
    "api:risks-detail": page(**NOTHING),
    **{f"api:risks-{name}": verb(**NOTHING) for name in ("treat", "accept", "withdraw")},
    "api:risks-stop-treating": verb(**NOTHING, link=1),
    "api:evidence_integrity-list": Route(posted=frozenset({201})),  # every member may; it records nothing
    "api:evidence_integrity-detail": page(pk=1),
    "api:evidence_integrity-stop": verb(),
    "api:cycle-list": Route(posted=VERB),
    "api:cycle-detail": page(pk=1),
    **{f"api:cycle-{name}": verb(pk=1) for name in ("hold", "withdraw")},
    "api:chain": page(),
    "api:chain_verify": Route(posted=frozenset({200}), gets=False),  # every member may; it records nothing
    "api:chain_sign": Route(posted=frozenset({200}), gets=False),
    "api:chain_records-list": page(),
    "api:chain_records-detail": page(number=1),
    "api:chain_records-raw": page(number=1),
    "api:chain_records-proof": page(number=1),
    "api:chain_checkpoints-list": page(),
    "api:chain_checkpoints-detail": page(size=1),
    "api:reports-list": Route(posted=frozenset({415})),  # who may ask depends on the edition
    "api:reports-detail": page(pk=1),
    "api:reports-cancel": verb(pk=1),
    "api:reports-download": page(pk=1),
    "api:packs-list": Route(posted=VERB),
    "api:packs-detail": page(code="PK-001"),
    "api:packs-cancel": verb(code="PK-001"),
    "api:packs-download": page(code="PK-001"),
    "api:certificates-list": page(),
    "api:certificates-detail": Route(made=_certificate),
    "api:soa_imports-list": Route(posted=VERB, gets=False),
}
ROUTES: dict[str, Route] = (
    API | OUTSIDE | DESK | AIMS | SIGNON | SYSTEMS | ASSESSMENTS | EVIDENCE | SOA | AUDITS | TRACE | REPORTS | UPKEEP
)
