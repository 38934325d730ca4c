"""An organisation's providers, for its administrators."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.refusals import Conflict
from aims.doors import admit, refusals_on, status_of
from aims.forms import ReasonForm
from aims.middleware import AimsRequest
from aims.views.saying import say
from ledger.queries import acts_about
from signon.actions import add_provider, set_rule, set_up_oidc, set_up_saml, unlink, withdraw_provider
from signon.addresses import addresses_of
from signon.forms import NewProviderForm, OidcForm, RuleForm, SamlForm
from signon.models import Identity, Provider
from signon.permissions import may_configure
from signon.queries import key_facts, linked_rows, provider_rows, rule, shown_addresses

STALE = gettext_lazy("Someone changed this meanwhile. Look at it again, then save.")


@require_GET
def providers(request: AimsRequest) -> HttpResponse:
    """List the providers and say whether they are the only way in."""
    return _list(request, RuleForm.of(rule()), status=200)


@require_POST
def require(request: AimsRequest) -> HttpResponse:
    """Make a provider the only way in, or end that."""
    admit(may_configure(request.actor, request.aims))
    form, status = RuleForm.of(rule(), request.POST), None
    if form.is_valid():
        try:
            with refusals_on(form):
                row = set_rule(**form.cleaned_data, actor=request.actor)
                done = _("Members sign in through a provider only.") if row.is_required else _("Passwords open again.")
                say(request, done)
                return redirect("signon:providers", request.aims.slug)
        except Conflict:
            form.add_error(None, STALE)
            status = 409
    return _list(request, form, status=status or status_of(form))


def _list(request: AimsRequest, form: RuleForm, *, status: int) -> HttpResponse:
    context = {
        "rows": provider_rows(),
        "rule_form": form,
        "is_required": form.initial["is_required"],
        "may": may_configure(request.actor, request.aims),
        "door": request.build_absolute_uri(reverse("signon_door", args=[request.aims.slug])),
    }
    return render(request, "signon/providers.html", context, status=status)


@require_http_methods(["GET", "POST"])
def new(request: AimsRequest) -> HttpResponse:
    """Add a provider by name."""
    admit(may_configure(request.actor, request.aims))
    form = NewProviderForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            row = add_provider(**form.cleaned_data, actor=request.actor)
            return redirect("signon:provider", request.aims.slug, row.code)
    context = {
        "form": form,
        "heading": _("Add an identity provider"),
        "lede": _("The next page shows the addresses to register at the provider, and takes its keys."),
        "button": _("Add provider"),
        "back": reverse("signon:providers", args=[request.aims.slug]),
    }
    return render(request, "aims/act.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("secret")
def provider(request: AimsRequest, code: str) -> HttpResponse:
    """Show what to copy to the provider, take what it told, and list whom it lets in."""
    admit(may_configure(request.actor, request.aims))
    row = _provider(code)
    data = request.POST if request.method == "POST" else None
    form: OidcForm | SamlForm = (OidcForm if row.is_oidc else SamlForm).of(row, data)
    status = None
    if form.is_valid():
        try:
            with refusals_on(form, None if row.is_oidc else "metadata"):
                _save(row, form, request)
                say(request, _("%(name)s is saved. Try it: link your own sign-in.") % {"name": row.name})
                return redirect("signon:provider", request.aims.slug, code)
        except Conflict:
            form.add_error(None, STALE)
            status = 409
    return render(request, "signon/provider.html", _about(request, row, form), status=status or status_of(form))


def _save(row: Provider, form: OidcForm | SamlForm, request: AimsRequest) -> None:
    seen = form.cleaned_data["seen"]
    if isinstance(form, OidcForm):
        set_up_oidc(row, form.setup, seen=seen, actor=request.actor)
    else:
        set_up_saml(row, form.setup, seen=seen, actor=request.actor)


def _about(request: AimsRequest, row: Provider, form: OidcForm | SamlForm) -> dict[str, Any]:
    return {
        "provider": row,
        "form": form,
        "addresses": shown_addresses(row, addresses_of(request.aims, row)),
        "keys": key_facts(row),
        "linked": linked_rows(row),
        "acts": acts_about([row.ref], Provider),
    }


def _provider(code: str) -> Provider:
    return get_object_or_404(Provider.objects.select_related("aims"), code=code)


@require_http_methods(["GET", "POST"])
def withdraw(request: AimsRequest, code: str) -> HttpResponse:
    """Withdraw a provider, with a reason."""
    admit(may_configure(request.actor, request.aims))
    row = _provider(code)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"seen": row.version})
    status = None
    if form.is_valid():
        try:
            with refusals_on(form, "reason"):
                withdraw_provider(row, **form.cleaned_data, actor=request.actor)
                say(request, _("%(name)s lets nobody in any more.") % {"name": row.name})
                return redirect("signon:providers", request.aims.slug)
        except Conflict:
            form.add_error(None, STALE)
            status = 409
    context = {
        "form": form,
        "heading": _("Withdraw %(name)s") % {"name": row.name},
        "lede": _("Nobody comes in by it any more, and whoever did is signed out at once."),
        "button": _("Withdraw provider"),
        "kind": "danger",
        "back": reverse("signon:provider", args=[request.aims.slug, code]),
    }
    return render(request, "aims/act.html", context, status=status or status_of(form))


@require_POST
def cut(request: AimsRequest, code: str, pk: int) -> HttpResponse:
    """Cut the link of a person who left, or whose account at the provider changed."""
    admit(may_configure(request.actor, request.aims))
    row = get_object_or_404(Identity.objects.select_related("user"), pk=pk, provider__code=code)
    unlink(row, actor=request.actor)
    say(request, _("The link of %(who)s is cut.") % {"who": row.user.display_name})
    return redirect("signon:provider", request.aims.slug, code)
