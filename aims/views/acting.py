"""One form on a page of its own, under the people of the AIMS: what every verb there shares."""

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from aims.doors import status_of
from aims.middleware import AimsRequest


def act_page(
    request: AimsRequest,
    form: BaseForm,
    *,
    heading: str,
    button: str,
    lede: str = "",
    kind: str = "primary",
    back: str = "",
    status: int | None = None,
) -> HttpResponse:
    """Show the form with its heading, what it does, and the way back."""
    back = back or reverse("aims:people", args=[request.aims.slug])
    context = {"form": form, "heading": heading, "button": button, "lede": lede, "kind": kind, "back": back}
    return render(request, "aims/act.html", context, status=status or status_of(form))
