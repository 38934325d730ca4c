"""The verbs of signing in through a provider."""

from signon.actions.add_provider import add_provider
from signon.actions.attempt import answer, begin, finish, keep, take
from signon.actions.bypass import note_bypass
from signon.actions.enter import enter
from signon.actions.join import join
from signon.actions.link import link
from signon.actions.prove import prove
from signon.actions.rule import set_rule
from signon.actions.set_up import OidcSetup, SamlSetup, set_up_oidc, set_up_saml
from signon.actions.unlink import unlink
from signon.actions.withdraw_provider import withdraw_provider

__all__ = [
    "OidcSetup",
    "SamlSetup",
    "add_provider",
    "answer",
    "begin",
    "enter",
    "finish",
    "join",
    "keep",
    "link",
    "note_bypass",
    "prove",
    "set_rule",
    "set_up_oidc",
    "set_up_saml",
    "take",
    "unlink",
    "withdraw_provider",
]
