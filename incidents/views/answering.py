"""How every form of this room answers: 422 with errors at their fields, 409 with both texts, else what was done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from accounts.refusals import Conflict
from aims.clash import both_texts
from aims.doors import refusals_on, status_of
from aims.middleware import AimsRequest

Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verb:
    """What the page of a verb says: heading, button, what was done once it is done, a note, and where it leads back."""

    heading: str
    button: str
    done: str
    back: str
    crumb: str = ""
    note: str = ""


def sent(request: AimsRequest) -> QueryDict | None:
    """Return what was posted, or nothing when the form is only asked for."""
    return request.POST if request.method == "POST" else None


def answer(
    request: AimsRequest, form: BaseForm, act: Callable[[Said], str | None], verb: Verb, template: str = "verb"
) -> HttpResponse:
    """Take the verb when the form holds and go where `act` says, or back; else show the form again."""
    clashes = None
    if form.is_valid():
        try:
            with refusals_on(form):
                place = act(dict(form.cleaned_data))
                messages.success(request, verb.done)
                return redirect(place or verb.back)
        except Conflict as conflict:
            clashes = both_texts(form, conflict)
    status = 409 if clashes is not None else status_of(form)
    context = {"form": form, "verb": verb, "clashes": clashes}
    return render(request, f"incidents/{template}.html", context, status=status)
