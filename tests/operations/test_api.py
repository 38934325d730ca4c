"""The API doors: readings in bulk with faults by place, limits by people only, results recorded once."""

from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import clock
from accounts.actor import Actor
from accounts.models import TokenKind
from aims.models import Aims
from operations.models import Evaluation, Reading
from tests.api.make import a_machine
from tests.operations.make import a_signal, post
from tests.systems.make import a_system


def test_readings_are_posted_by_the_thousand_and_faults_named_by_place(aims: Aims, officer: Actor) -> None:
    row = a_signal(officer)
    robot = a_machine(aims, officer, kind=TokenKind.SERVICE)
    start = clock.now() - timedelta(hours=2_500)
    items = [
        {
            "signal": row.code,
            "at": (start + timedelta(minutes=number)).isoformat(),
            "value": number / 7,
            "key": f"k{number}",
        }
        for number in range(10_000)
    ]
    assert robot.act("readings/", {"readings": items}).json() == {"new": 10_000, "known": 0}
    assert robot.act("readings/", {"readings": items[:50]}).json() == {"new": 0, "known": 50}
    answer = robot.act("readings/", {"readings": [items[0], items[1] | {"value": "many"}, {"signal": "SIG-9"}]})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["readings[1].value", "readings[2].signal"]
    assert Reading.objects.count() == 10_000
    for body in ({}, {"readings": []}, {"readings": ["x"]}, {"readings": 5}):
        assert robot.act("readings/", body).status_code == 400
    page = robot.read("readings/", signal=row.code, since=(start + timedelta(minutes=9_990)).isoformat()).json()
    assert len(page["results"]) == 10


def test_machines_declare_and_deliver_and_people_decide(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    robot, person = a_machine(aims, officer, kind=TokenKind.SERVICE), a_machine(aims, officer)
    told = {"system": system.key, "key": "recall", "name": "Recall", "kind": "quality"}
    assert robot.act("signals/", told).status_code == 201
    assert robot.act("signals/SIG-001/limits/", {"lower": 0.8}, seen="*").status_code == 403
    limited = person.act("signals/SIG-001/limits/", {"lower": 0.8}, seen=person.tag("signals/SIG-001/"))
    assert (limited.json()["lower"], limited.json()["back_after"]) == ("0.8", 3)
    asked = {"system": system.code, "name": "holdout", "metric": "recall", "threshold": 0.9}
    assert robot.act("benchmarks/", asked).status_code == 403
    assert person.act("benchmarks/", asked).status_code == 201
    run = {"system": system.code, "benchmark": "holdout", "metrics": {"recall": 0.93}, "key": "run-1"}
    first, again = robot.act("evaluations/", run), robot.act("evaluations/", run)
    assert (first.status_code, again.status_code, first.json()) == (201, 200, again.json())
    assert (first.json()["passed"], first.json()["by"]) == (True, "test")
    robot.act("readings/", {"readings": [{"signal": "SIG-001", "at": clock.now().isoformat(), "value": 0.5}]})
    (crossing,) = person.read("crossings/", standing="true").json()["results"]
    assert (crossing["side"], crossing["value"]) == ("below", "0.5")
    answered = person.act(f"crossings/{crossing['id']}/answer/", {"answer": "A new job fair"}, seen="*")
    assert answered.json()["answered_by"]["email"] == officer.email
    reference = {"numbers": [number / 2 for number in range(100)]}
    assert person.act("signals/SIG-001/reference/", reference).status_code == 200
    assert robot.act("signals/SIG-001/samples/", reference).json()["shift"] == "none"
    assert robot.act("signals/SIG-001/samples/", reference | {"counts": {"a": 1}}).status_code == 422


def test_a_file_is_uploaded_and_an_evaluation_withdrawn(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    machine = a_machine(aims, officer)

    def send(data: bytes):  # type: ignore[no-untyped-def]
        body = {"system": system.code, "file": SimpleUploadedFile("r.csv", data), "benchmark": "holdout"}
        return machine.post(f"{machine.base}evaluations/uploads/", body)

    assert (send(b"recall,0.9\n").status_code, send(b"recall,0.9\n").status_code) == (201, 200)
    refused = send(b"recall\n")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["file"])
    withdrawn = machine.act("evaluations/EVAL-001/withdraw/", {"reason": "Wrong branch"}, seen='"1"')
    assert withdrawn.json()["withdrawn_at"]
    assert Evaluation.objects.get().metrics == {"recall": "0.9"}


def test_the_limit_of_a_signal_is_read_as_a_decimal(aims: Aims, officer: Actor) -> None:
    row = a_signal(officer, limits={"upper": Decimal("0.000000001")})
    post(officer, row, ["0.000000002"])
    told = a_machine(aims, officer).read("readings/").json()["results"][0]
    assert (told["value"], told["signal"]) == ("0.000000002", row.code)
