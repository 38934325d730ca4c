"""What processes of a faulty installation do: `python -m tests.faults.acts VERB …`; each prints one line of JSON."""

import json
import sys
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import django


def main(verb: str, *given: str) -> None:
    """Do one of the verbs."""
    django.setup()
    verbs = {"found": found, "report": report, "mail": mail, "approvals": approvals, "seen": seen, "revoke": revoke}
    print(json.dumps(verbs[verb](*given)), flush=True)


def _officer(place: int = 0) -> tuple[Any, Any]:
    """The organisation and its officer, or the approver, who came second."""
    from accounts.models import User
    from aims.models import Aims
    from aims.queries import actor_for

    aims = Aims.objects.get()
    actor = actor_for(User.objects.order_by("pk")[place], aims, auth_method="password")
    assert actor is not None
    return aims, actor


def found() -> dict[str, str]:
    """Make an organisation whose statement is decided, and return its slug and a token of its officer."""
    from accounts import clock
    from accounts.context import acting_in
    from accounts.models import TokenKind
    from accounts.roles import Role
    from aims.actions import issue_token
    from tests.make import a_member, an_organisation
    from tests.soa.make import decided

    aims, officer = an_organisation()
    with acting_in(aims, officer):
        decided(officer)
        a_member(aims, Role.APPROVER, by=officer)
        until, scopes = clock.now() + timedelta(days=1), ["read", "write"]
        kind = TokenKind.PERSONAL
        _token, secret = issue_token(name="t", kind=kind, scopes=scopes, expires_at=until, actor=officer)
    return {"slug": aims.slug, "token": secret}


def report(count: str) -> list[int]:
    """Ask for so many reports of the draft and return their jobs."""
    from accounts.context import acting_in
    from reports.actions import ask_report

    aims, officer = _officer()
    with acting_in(aims, officer):
        return [ask_report(aims, edition="full", actor=officer).job_id for _number in range(int(count))]


def mail(name: str, count: str) -> int:
    """Write so many mails."""
    from jobs.actions import deliver

    aims, _ = _officer()
    for number in range(int(count)):
        deliver(key=f"{name}-{number}", to="a@example.org", subject="S", body="B", aims_id=aims.pk)
    return int(count)


def approvals() -> None:
    """Submit and have approved, version after version, for ever."""
    from accounts.context import acting_in
    from soa.actions import amend, approve
    from soa.models import StatementVersion, VersionState
    from tests.soa.make import a_version, an_entry

    aims, officer = _officer()
    _, approver = _officer(1)
    number = 0
    while True:
        number += 1
        with acting_in(aims, officer):
            version = StatementVersion.objects.filter(state=VersionState.SUBMITTED).first()
        if version is None:
            with acting_in(aims, officer):
                row = an_entry()
                amend(row, {"how": f"Round {number} of {uuid4()}."}, seen=row.version, actor=officer)
            with acting_in(aims, officer):
                version = a_version(aims, officer, f"Round {number}")
        with acting_in(aims, approver):
            approve(version, digest=version.digest, confirms_warnings=True, seen=version.version, actor=approver)


def revoke() -> str:
    """Take every role from the officer."""
    from accounts import clock
    from accounts.context import acting_in
    from aims.models import Membership

    aims, officer = _officer()
    with acting_in(aims, officer):
        Membership.objects.filter(user_id=officer.user_id).update(revoked_at=clock.now())
    return "revoked"


def seen() -> dict[str, Any]:
    """Return what the database and the store hold, and what of it does not fit together."""
    from accounts.context import acting_in
    from aims.models import Aims
    from evidence.integrity.check import look
    from evidence.models import Evidence, File
    from evidence.store import Stored
    from jobs.models import Delivery, Job, ScheduleRun
    from ledger.models import Leaf, Log, Record, Waiting
    from ledger.verify import verify
    from reports.models import Report
    from soa.models import StatementVersion, VersionState

    aims = Aims.objects.get()
    with acting_in(aims):
        files = list(File.objects.values_list("sha256", "size"))
        reports = list(Report.objects.exclude(sha256="").values_list("sha256", "size"))
        faults = [fault.sha256 for one in {*files, *reports} if (fault := look(Stored(*one))[0])]
        events = Counter(Record.objects.values_list("event", "subject"))
        log = Log.objects.get()
        verdict = verify(log)
        numbers = list(Leaf.objects.order_by("number").values_list("number", flat=True))
        in_force = StatementVersion.objects.filter(state=VersionState.APPROVED).count()
        approvals = sum(count for (event, _subject), count in events.items() if event == "version.approved")
        versions = StatementVersion.objects.filter(state__in=[VersionState.APPROVED, VersionState.SUPERSEDED]).count()
        titles = sorted(Evidence.objects.values_list("title", flat=True))
        waiting, records = Waiting.objects.count(), Record.objects.count()
        twice = [subject for (event, subject), count in events.items() if event == "report.rendered" and count > 1]
    jobs = Counter(Job.objects.values_list("state", flat=True))
    mails = Counter(Delivery.objects.values_list("state", flat=True))
    runs = list(ScheduleRun.objects.values_list("schedule", "due_at"))
    return {
        "files": len(files),
        "titles": titles,
        "faults": faults,
        "verdict": verdict.fault,
        "gaps": numbers != list(range(1, len(numbers) + 1)),
        "waiting": waiting,
        "records": records,
        "sealed": len(numbers),
        "in_force": in_force,
        "approvals": [approvals, versions],
        "twice": twice,
        "jobs": dict(jobs),
        "mails": dict(mails),
        "runs_twice": len(runs) != len(set(runs)),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
