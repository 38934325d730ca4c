"""Exclusions that expire or were reopened, renewed together."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.refusals import Conflict
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from soa.actions import renew_exclusions
from soa.forms import RenewForm
from soa.models import Applicability
from soa.permissions import may_steer
from soa.queries.proposals import most_of
from soa.queries.rows import Row, Sheet, read_sheet
from soa.wording import is_nothing

AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Line:
    """An exclusion as the page lists it; `kept_back` says why it cannot be renewed as it is."""

    code: str
    title: str
    address: str
    why: str
    version: int
    expires_on: date | None
    is_over: bool
    is_soon: bool
    because: tuple[str, ...]
    kept_back: str

    @property
    def is_asked(self) -> bool:
        """Whether something asks for it to be decided again, or its day is near."""
        return bool(self.because) or self.is_over or self.is_soon


@require_http_methods(["GET", "POST"])
def renew(request: AimsRequest) -> HttpResponse:
    """List every exclusion with what reopened it, and renew the chosen ones until a day."""
    admit(may_steer(request.actor), _("Renewing exclusions takes a compliance officer or an administrator."))
    sheet = read_sheet(request.aims)
    lines = sorted(_lines(sheet, request.aims.slug), key=lambda line: not line.is_asked)
    seen = {line.code: line.version for line in lines if not line.kept_back}
    form = RenewForm(seen, request.POST if request.method == "POST" else None, initial=_initial(lines, sheet.today))
    if form.is_valid():
        try:
            with refusals_on(form, "control"):
                return _renewed(request, form)
        except Conflict:
            messages.warning(request, _("Somebody else changed one of these rows meanwhile. Look at it again."))
            form = RenewForm(seen, initial=_initial(lines, sheet.today))
            return _show(request, form, lines, 409)
    return _show(request, form, lines, status_of(form))


def _initial(lines: list[Line], today: date) -> dict[str, object]:
    chosen = [line.code for line in lines if line.is_asked and not line.kept_back]
    return {"control": chosen, "expires_on": clock.a_year_after(today)}


def _renewed(request: AimsRequest, form: RenewForm) -> HttpResponse:
    said = form.cleaned_data
    rows = renew_exclusions(form.seen, expires_on=said["expires_on"], why=said["why"], actor=request.actor)
    words = ngettext("%(n)s exclusion renewed.", "%(n)s exclusions renewed.", len(rows)) % {"n": len(rows)}
    messages.success(request, words)
    return redirect("soa:renew", request.aims.slug)


def _show(request: AimsRequest, form: RenewForm, lines: list[Line], status: int) -> HttpResponse:
    chosen = set(form["control"].value() or ())
    context = {
        "form": form,
        "lines": [
            (line, line.code in chosen, form[f"{line.code}-seen"] if not line.kept_back else "") for line in lines
        ],
        "may_renew": any(not line.kept_back for line in lines),
        "back": reverse("soa:workbench", args=[request.aims.slug]),
    }
    return render(request, "soa/renew.html", context, status=status)


def _lines(sheet: Sheet, slug: str) -> Iterator[Line]:
    base = reverse("soa:workbench", args=[slug])
    for row in sheet.rows:
        if row.entry.applicability != Applicability.EXCLUDED:
            continue
        day = row.entry.expires_on
        yield Line(
            code=row.code,
            title=row.requirement.title,
            address=f"{base}?control={row.code}",
            why=row.entry.why,
            version=row.entry.version,
            expires_on=day,
            is_over=day is not None and day < sheet.today,
            is_soon=day is not None and sheet.today <= day <= sheet.today + AHEAD,
            because=tuple(one.words for one in row.reopened),
            kept_back=_kept_back(row),
        )


def _kept_back(row: Row) -> str:
    if row.drivers:
        names = ", ".join(driver.label for driver in row.drivers)
        return _("%(names)s rely on it. Treat them otherwise, or include it.") % {"names": names}
    if row.demanded_by:
        return _("Facts of %(systems)s make it necessary.") % {"systems": most_of(row.demanded_by).systems}
    if is_nothing(row.entry.why):
        return _("It has no reason yet. Say why it does not apply first.")
    return ""
