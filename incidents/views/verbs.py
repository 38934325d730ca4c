"""The forms about one incident; each makes one call to its action."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import clock
from aims.doors import admit
from aims.middleware import AimsRequest
from incidents import actions, forms
from incidents.models import Incident, IncidentAction, IncidentLink, Notification
from incidents.permissions import may_contain, may_finish, may_handle, may_judge, may_note, may_report
from incidents.views.answering import Said, Verb, answer, sent
from incidents.views.lists import one
from incidents.words import MOVES, State
from systems.models import AiSystem

both = require_http_methods(["GET", "POST"])


@both
def new(request: AimsRequest) -> HttpResponse:
    """Report an incident, from anywhere or from a system's page."""
    admit(may_report(request.actor))
    chosen = AiSystem.objects.filter(code=request.GET.get("system", "")).first()
    initial = {"system": chosen, "noticed_at": clock.now()}
    form = forms.ReportForm(sent(request), initial=initial, time_zone=request.aims.time_zone)
    back = reverse("incidents:list", args=[request.aims.slug])
    verb = Verb(_("Report an incident"), _("Report incident"), _("Reported. Whoever answers for it was asked."), back)

    def act(said: Said) -> str:
        row = actions.report_incident(said.pop("system"), **said, actor=request.actor)
        return reverse("incidents:detail", args=[request.aims.slug, row.code])

    return answer(request, form, act, verb, "report")


@both
def edit(request: AimsRequest, code: str) -> HttpResponse:
    """Change what is said of an incident."""
    row = _one(request, code, may_handle)
    form = forms.EditForm(sent(request), initial=forms.EditForm.of(row), time_zone=request.aims.time_zone)
    note = _("Other facts make other duties to notify. What was sent stays sent.")
    verb = _verb(request, row, _("Edit %s") % code, _("Save facts"), _("Saved."), note)
    return answer(request, form, _quiet(lambda said: actions.edit_incident(row, **said, actor=request.actor)), verb)


@both
def triage(request: AimsRequest, code: str) -> HttpResponse:
    """Say how severe it is."""
    row = _one(request, code, may_judge)
    form = forms.TriageForm(sent(request), initial={"seen": row.version, "severity": row.severity})
    verb = _verb(request, row, _("How severe is %s?") % code, _("Say so"), _("Severity recorded."))
    return answer(request, form, _quiet(lambda said: actions.triage(row, **said, actor=request.actor)), verb)


@both
def note(request: AimsRequest, code: str) -> HttpResponse:
    """Write on the timeline."""
    row = _one(request, code, may_note)
    form = forms.NoteForm(sent(request), time_zone=request.aims.time_zone)
    verb = _verb(request, row, _("Write on the timeline of %s") % code, _("Add entry"), _("Added."),
                 _("An entry is never changed. Write another to correct it."))  # fmt: skip
    return answer(request, form, _quiet(lambda said: actions.note(row, **said, actor=request.actor)), verb)


@both
def contain(request: AimsRequest, code: str) -> HttpResponse:
    """Suspend, fall back, limit, or say that there is no need."""
    row = _one(request, code, may_contain)
    form = forms.ContainForm(sent(request), initial={"seen": row.version})
    words = _("It goes back to operation only when the incident is closed, an evaluation passed and a person signs.")
    verb = _verb(request, row, _("Contain %s") % code, _("Do it now"), _("Done and recorded."), words)
    return answer(request, form, _quiet(lambda said: actions.contain(row, **said, actor=request.actor)), verb)


@both
def move(request: AimsRequest, code: str) -> HttpResponse:
    """Move it on, close it or open it again."""
    row = _one(request, code, may_judge)
    states = tuple(state for state in MOVES[row.state] if state != State.TRIAGED)
    asked = request.GET.get("state", "")
    form = forms.MoveForm(sent(request), initial={"seen": row.version, "state": asked}, states=states)
    verb = _verb(request, row, _("Move %s on") % code, _("Record"), _("Recorded."))
    return answer(request, form, _quiet(lambda said: actions.move_incident(row, **said, actor=request.actor)), verb)


@both
def plan(request: AimsRequest, code: str) -> HttpResponse:
    """Plan a corrective action."""
    row = _one(request, code, may_handle)
    form = forms.ActionForm(sent(request), initial={"owner": row.owner_id or row.system.owner_id})
    words = _("Whoever does it cannot close the incident: two people end one.")
    verb = _verb(request, row, _("Plan a corrective action for %s") % code, _("Plan action"), _("Planned."), words)
    return answer(request, form, _quiet(lambda said: actions.plan_action(row, **said, actor=request.actor)), verb)


@both
def finish(request: AimsRequest, code: str, pk: int) -> HttpResponse:
    """Say that a corrective action is done."""
    row = one(code)
    action = _planned(row, pk)
    admit(may_finish(request.actor, action))
    form = forms.DoneForm(sent(request), initial={"seen": action.version})
    verb = _verb(request, row, _("Done: %s") % action.what, _("Record as done"), _("Recorded as done."))
    return answer(request, form, _quiet(lambda said: actions.finish_action(action, **said, actor=request.actor)), verb)


@both
def drop(request: AimsRequest, code: str, pk: int) -> HttpResponse:
    """Withdraw a corrective action."""
    row = _one(request, code, may_handle)
    action = _planned(row, pk)
    form = forms.ReasonForm(sent(request), initial={"seen": action.version})
    verb = _verb(request, row, _("Withdraw: %s") % action.what, _("Withdraw action"), _("Withdrawn."))
    return answer(request, form, _quiet(lambda said: actions.drop_action(action, **said, actor=request.actor)), verb)


@both
def send(request: AimsRequest, code: str, pk: int) -> HttpResponse:
    """Say that a notification was sent."""
    row = _one(request, code, may_handle)
    notice = _notice(row, pk)
    initial = {"seen": notice.version, "sent_at": clock.now()}
    form = forms.SentForm(sent(request), initial=initial, time_zone=request.aims.time_zone)
    verb = _verb(
        request, row, _("Sent: %s") % notice.title, _("Record as sent"), _("Recorded as sent."), notice.authority
    )
    return answer(
        request, form, _quiet(lambda said: actions.send_notification(notice, **said, actor=request.actor)), verb
    )


@both
def decline(request: AimsRequest, code: str, pk: int) -> HttpResponse:
    """Say why a notification is not due."""
    row = _one(request, code, may_judge)
    notice = _notice(row, pk)
    form = forms.NotDueForm(sent(request), initial={"seen": notice.version})
    verb = _verb(request, row, _("Not due: %s") % notice.title, _("Record decision"), _("Recorded."), notice.basis)

    def act(said: Said) -> object:
        return actions.decline_notification(notice, **said, actor=request.actor)

    return answer(request, form, _quiet(act), verb)


@both
def link(request: AimsRequest, code: str) -> HttpResponse:
    """Link a requirement that the incident bears on."""
    row = _one(request, code, may_handle)
    words = _("The incident stands beside that row of the statement.")
    verb = _verb(request, row, _("What %s bears on") % code, _("Link requirement"), _("Linked."), words)
    form = forms.LinkForm(sent(request))
    return answer(request, form, _quiet(lambda said: actions.link(row, **said, actor=request.actor)), verb)


@both
def unlink(request: AimsRequest, code: str, pk: int) -> HttpResponse:
    """End a link to a requirement."""
    row = _one(request, code, may_handle)
    rows = IncidentLink.objects.select_related("requirement", "incident")
    found = get_object_or_404(rows, pk=pk, incident=row, withdrawn_at__isnull=True)
    form = forms.ReasonForm(sent(request), initial={"seen": found.version})
    verb = _verb(request, row, _("End the link to %s") % found.requirement, _("End link"), _("Link ended."))
    return answer(request, form, _quiet(lambda said: actions.unlink(found, **said, actor=request.actor)), verb)


def _one(request: AimsRequest, code: str, permit: Callable[[Any, Incident], bool]) -> Incident:
    row = one(code)
    admit(permit(request.actor, row))
    return row


def _planned(row: Incident, pk: int) -> IncidentAction:
    rows = IncidentAction.objects.select_related("incident__system")
    return get_object_or_404(rows, pk=pk, incident=row, done_at__isnull=True, withdrawn_at__isnull=True)


def _notice(row: Incident, pk: int) -> Notification:
    return get_object_or_404(Notification.objects.select_related("incident__system"), pk=pk, incident=row)


def _verb(request: AimsRequest, row: Incident, heading: str, button: str, done: str, note: str = "") -> Verb:
    return Verb(heading, button, done, reverse("incidents:detail", args=[request.aims.slug, row.code]), row.code, note)


def _quiet(act: Callable[[Said], object]) -> Callable[[Said], None]:
    """Go back to the incident whatever the action returns."""

    def acted(said: Said) -> None:
        act(said)

    return acted
