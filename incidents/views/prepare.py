"""Runbooks with their drills, and the duties to notify: those of law, and the organisation's own."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import clock
from aims.doors import admit
from aims.middleware import AimsRequest
from incidents import actions, forms
from incidents.law import law, severity_of
from incidents.models import Drill, OwnDuty, Runbook
from incidents.permissions import may_prepare
from incidents.queries.runbooks import MARKS, kinds_in_words, next_drill, runbook_lines, steps_in_html
from incidents.views.answering import Said, Verb, answer, sent
from ledger.queries import acts_about

both = require_http_methods(["GET", "POST"])


@require_GET
def runbooks(request: AimsRequest) -> HttpResponse:
    """List the runbooks with the drills that are due."""
    lines = runbook_lines(clock.today(request.aims.time_zone))
    return render(request, "incidents/runbooks.html", {"lines": lines, "may_prepare": may_prepare(request.actor)})


@require_GET
def runbook(request: AimsRequest, code: str) -> HttpResponse:
    """Show one runbook and its drills."""
    row = _runbook(code)
    drills = list(Drill.objects.filter(runbook=row.pk).select_related("by"))
    last = drills[0] if drills else None
    due = next_drill(row, last.held_on if last else None, last.edition if last else None, row.changed_at.date())
    context = {
        "runbook": row,
        "kinds": kinds_in_words(row.kinds),
        "steps": steps_in_html(row.steps),
        "drills": [(drill, *MARKS[drill.outcome]) for drill in drills],
        "next_on": due,
        "is_late": due < clock.today(request.aims.time_zone),
        "acts": acts_about([row.ref, *(drill.ref for drill in drills)], Runbook, Drill, limit=20),
        "may_prepare": may_prepare(request.actor),
    }
    return render(request, "incidents/runbook.html", context)


@both
def new_runbook(request: AimsRequest) -> HttpResponse:
    """Write a runbook."""
    admit(may_prepare(request.actor))
    slug = request.aims.slug
    back = reverse("incidents:runbooks", args=[slug])
    verb = Verb(_("Write a runbook"), _("Save runbook"), _("Saved."), back, _("Runbooks"))

    def act(said: Said) -> str:
        row = actions.write_runbook(**said, actor=request.actor)
        return reverse("incidents:runbook", args=[slug, row.code])

    return answer(request, forms.RunbookForm(sent(request)), act, verb)


@both
def edit_runbook(request: AimsRequest, code: str) -> HttpResponse:
    """Change a runbook."""
    row = _runbook(code)
    admit(may_prepare(request.actor))
    form = forms.EditRunbookForm(sent(request), initial=forms.EditRunbookForm.of(row))
    note = _("Other steps make another edition, which is due to be drilled within a month.")

    def act(said: Said) -> None:
        actions.edit_runbook(row, **said, actor=request.actor)

    return answer(request, form, act, _verb(request, row, _("Edit %s") % row, _("Save runbook"), _("Saved."), note))


@both
def drill(request: AimsRequest, code: str) -> HttpResponse:
    """Record a drill."""
    row = _runbook(code)
    admit(may_prepare(request.actor))
    form = forms.DrillForm(sent(request), initial={"held_on": clock.today(request.aims.time_zone)})

    def act(said: Said) -> None:
        actions.hold_drill(row, **said, actor=request.actor)

    return answer(request, form, act, _verb(request, row, _("A drill of %s") % row, _("Record drill"), _("Recorded.")))


@require_GET
def duties(request: AimsRequest) -> HttpResponse:
    """List the duties to notify."""
    own = OwnDuty.objects.filter(withdrawn_at__isnull=True).select_related("system")
    context = {
        "law": law(),
        "own": [(row, kinds_in_words(row.kinds), severity_of(row.least_severity)) for row in own],
        "may_prepare": may_prepare(request.actor),
    }
    return render(request, "incidents/duties.html", context)


@both
def new_duty(request: AimsRequest) -> HttpResponse:
    """Take a duty on."""
    admit(may_prepare(request.actor))
    back = reverse("incidents:duties", args=[request.aims.slug])
    note = _("A contract or a promise. Open incidents are held against it at once.")
    verb = Verb(_("Add a duty to notify"), _("Add duty"), _("Added."), back, _("Duties to notify"), note)

    def act(said: Said) -> None:
        actions.add_duty(**said, actor=request.actor)

    return answer(request, forms.DutyForm(sent(request)), act, verb)


@both
def end_duty(request: AimsRequest, code: str) -> HttpResponse:
    """End a duty of the organisation's own."""
    row = get_object_or_404(OwnDuty, code=code, withdrawn_at__isnull=True)
    admit(may_prepare(request.actor))
    back = reverse("incidents:duties", args=[request.aims.slug])
    verb = Verb(_("End %s") % row, _("End duty"), _("Ended."), back, _("Duties to notify"))

    def act(said: Said) -> None:
        actions.withdraw_duty(row, **said, actor=request.actor)

    return answer(request, forms.ReasonForm(sent(request), initial={"seen": row.version}), act, verb)


def _runbook(code: str) -> Runbook:
    return get_object_or_404(Runbook.objects.select_related("owner"), code=code)


def _verb(request: AimsRequest, row: Runbook, heading: str, button: str, done: str, note: str = "") -> Verb:
    return Verb(heading, button, done, reverse("incidents:runbook", args=[request.aims.slug, row.code]), row.code, note)
