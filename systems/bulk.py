"""Saying the scope of many systems at once, with one reason."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.refusals import Conflict
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from systems import actions
from systems.forms import ScopeWords
from systems.models import AiSystem
from systems.permissions import may_say_scopes
from systems.views import registry

MOST = 200


class ScopesForm(ScopeWords):
    """In scope or not, and why, for every system that is listed with the version that was seen."""

    listed = forms.MultipleChoiceField(
        widget=forms.MultipleHiddenInput, error_messages={"required": _("Choose systems in the list first.")}
    )

    def __init__(self, *args: Any, rows: list[AiSystem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = self.fields["listed"]
        assert isinstance(listed, forms.MultipleChoiceField)  # noqa: S101  (narrowed for the type checker)
        sent = self.data.getlist("listed") if self.is_bound else []  # type: ignore[attr-defined]
        codes = {row.code for row in rows}
        self.said = [text for text in sent if text.rpartition(":")[0] in codes][:MOST]
        listed.choices = [(text, text) for text in self.said]


@require_http_methods(["GET", "POST"])
def scopes(request: AimsRequest) -> HttpResponse:
    """Say whether the systems chosen in the list are in scope."""
    admit(may_say_scopes(request.actor))
    sent = request.POST.getlist("listed")
    codes = [text.rpartition(":")[0] for text in sent] if sent else request.GET.getlist("code")
    rows = list(AiSystem.objects.filter(code__in=codes[:MOST]).order_by("id").defer("record"))
    form = ScopesForm(request.POST or None, rows=rows)
    clashes: list[str] | None = None
    if form.is_valid():
        try:
            with refusals_on(form):
                done = _say(request, form, rows)
                words = ngettext("Scope recorded for %d system.", "Scope recorded for %d systems.", done)
                messages.success(request, words % done)
                return redirect("systems:list", request.aims.slug)
        except Conflict as conflict:
            clashes = [str(conflict.current)]
            rows = list(AiSystem.objects.filter(pk__in=[row.pk for row in rows]).order_by("id").defer("record"))
    context = registry(request) | {"form": form, "rows": rows, "clashes": clashes, "view": "detail"}
    return render(request, "systems/scopes.html", context, status=409 if clashes else status_of(form))


def _say(request: AimsRequest, form: ScopesForm, rows: list[AiSystem]) -> int:
    seen = dict(text.rsplit(":", 1) for text in form.cleaned_data["listed"])
    said = {row.pk: int(seen[row.code]) for row in rows if seen.get(row.code, "").isdigit()}
    return actions.say_scope_of_many(
        said,
        is_in_scope=form.cleaned_data["is_in_scope"],
        reason=form.cleaned_data["scope_reason"],
        actor=request.actor,
    )
