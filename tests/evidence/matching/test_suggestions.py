"""Suggestions: made by a job after an upload, judged by a person, kept, and learned from."""

from math import isclose

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.models import Aims
from bench.matching.labelled import labelled
from evidence.actions import NotOpen, accept_suggestion, refuse_suggestion, withdraw_evidence
from evidence.actions.examine import KIND as EXAMINE
from evidence.actions.suggest import KIND, Proposed, ask_to_match, note_suggestions
from evidence.matching.job import MATCHER
from evidence.matching.standing import in_words, leaning, moved, open_suggestions
from evidence.models import Evidence, EvidenceLink, LinkSource, Suggestion, SuggestionState
from jobs.actions import run_job
from jobs.models import Job, JobState
from tests.evidence.make import a_version, an_evidence
from tests.make import a_member, signed_in, trace_of

TEXTS = {one.id: one.text for one in labelled("test")}
pytestmark = pytest.mark.django_db


def ran() -> None:
    for kind in (EXAMINE, KIND):
        while job := Job.objects.filter(kind=kind, state=JobState.QUEUED).first():
            assert run_job(job.pk) == JobState.DONE


def suggested(officer: Actor, *codes: str, item: Evidence | None = None) -> list[Suggestion]:
    item = item or an_evidence(actor=officer, name="some.txt", data=b"Some words.")
    proposed = [Proposed(code, 60 - number, "Some words.", "some.txt") for number, code in enumerate(codes)]
    return note_suggestions(item.versions.order_by("-number")[0], proposed, matcher="test", actor=MATCHER)


def test_an_upload_is_matched_and_nothing_is_linked(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer, name="opening.txt", data=TEXTS["t20"].encode())
    ran()
    lines = open_suggestions(item.pk)
    assert "A.6.2.5" in [line.code for line in lines[:3]]
    assert all(line.passage in TEXTS["t20"] for line in lines)
    assert not EvidenceLink.objects.exists()
    assert "suggestion.made" in trace_of(item.ref)
    page = signed_in(officer).get(reverse("evidence:detail", args=[aims.slug, item.code])).content.decode()
    assert "Suggested controls" in page
    assert "Link A.6.2.5" in page


def test_what_proves_nothing_gets_no_suggestion(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer, name="stew.txt", data=TEXTS["v01"].encode())
    ran()
    assert open_suggestions(item.pk) == []


def test_one_click_links_in_the_name_of_the_person(aims: Aims, officer: Actor) -> None:
    row = suggested(officer, "A.2.2")[0]
    code = row.evidence_version.evidence.code
    signed_in(officer).post(reverse("evidence:accept_suggestion", args=[aims.slug, code, row.pk]))
    link = EvidenceLink.objects.get()
    assert (link.source, link.by_id, link.requirement.code) == (LinkSource.SUGGESTION, officer.user_id, "A.2.2")
    row.refresh_from_db()
    assert (row.state, row.decided_by_id) == (SuggestionState.ACCEPTED, officer.user_id)
    assert "suggestion.accepted" in trace_of(row.evidence_version.evidence.ref)


def test_one_click_refuses_for_good(aims: Aims, officer: Actor) -> None:
    row = suggested(officer, "A.2.2")[0]
    item = row.evidence_version.evidence
    signed_in(officer).post(reverse("evidence:refuse_suggestion", args=[aims.slug, item.code, row.pk]))
    row.refresh_from_db()
    assert row.state == SuggestionState.REFUSED
    assert not EvidenceLink.objects.exists()
    assert "suggestion.refused" in trace_of(item.ref)
    a_version(item, actor=officer)
    assert suggested(officer, "A.2.2", item=item) == []


def test_nobody_decides_twice(aims: Aims, officer: Actor) -> None:
    row = suggested(officer, "A.2.2")[0]
    refuse_suggestion(row, actor=officer)
    with pytest.raises(NotOpen):
        accept_suggestion(row, actor=officer)
    client = signed_in(officer)
    code = row.evidence_version.evidence.code
    for verb in ("accept", "refuse"):
        answer = client.post(reverse(f"evidence:{verb}_suggestion", args=[aims.slug, code, row.pk]), follow=True)
        assert "decided about this suggestion already" in answer.content.decode()


def test_only_people_who_may_link_decide(aims: Aims, officer: Actor) -> None:
    row = suggested(officer, "A.2.2")[0]
    with pytest.raises(NotAllowed):
        accept_suggestion(row, actor=MATCHER)
    with pytest.raises(NotAllowed):
        refuse_suggestion(row, actor=a_member(aims, Role.AUDITOR, by=officer))
    assert Suggestion.objects.get().state == SuggestionState.OPEN


def test_what_is_linked_or_was_suggested_already_is_not_suggested(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer, serves=["A.2.2"])
    assert [row.requirement.code for row in suggested(officer, "A.2.2", "A.2.3", "X.9", item=item)] == ["A.2.3"]
    assert suggested(officer, "A.2.3", item=item) == []


def test_only_the_newest_version_has_open_suggestions(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer)
    suggested(officer, "A.2.2", item=item)
    a_version(item, actor=officer)
    assert open_suggestions(item.pk) == []


def test_a_withdrawn_item_is_not_matched(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer, name="opening.txt", data=TEXTS["t20"].encode())
    ask_to_match([item.versions.get().files.get().sha256], actor=officer)
    withdraw_evidence(item, reason="Wrong file", seen=item.version, actor=officer)
    ran()
    assert not Suggestion.objects.exists()


def test_past_decisions_change_the_order(aims: Aims, officer: Actor) -> None:
    for _number in range(4):
        accept_suggestion(suggested(officer, "A.2.3")[0], actor=officer)
        refuse_suggestion(suggested(officer, "A.2.2")[0], actor=officer)
    item = suggested(officer, "A.2.2", "A.2.3")[0].evidence_version.evidence
    assert [line.code for line in open_suggestions(item.pk)] == ["A.2.3", "A.2.2"]


@given(st.integers(0, 99), st.integers(0, 99), st.integers(1, 99))
def test_a_decision_moves_a_confidence_its_own_way_and_never_far(accepted: int, refused: int, confidence: int) -> None:
    shift = leaning(accepted, refused)
    assert -1.5 <= shift <= 1.5
    assert isclose(shift, -leaning(refused, accepted), abs_tol=1e-9)
    assert (moved(confidence, shift) - confidence) * (accepted - refused) >= 0
    assert 0 <= moved(confidence, shift) <= 100


def test_confidence_has_words() -> None:
    assert [in_words(share) for share in (95, 60, 30, 10)] == ["Very likely", "Likely", "Possible", "Uncertain"]


def test_the_api_reads_accepts_and_refuses(aims: Aims, officer: Actor) -> None:
    first, second = suggested(officer, "A.2.2", "A.2.3")
    code = first.evidence_version.evidence.code
    client = signed_in(officer)
    place = reverse("api:evidence-suggestions", args=[aims.slug, code])
    assert [(one["control"], one["confidence"]) for one in client.get(place).json()] == [("A.2.2", 60), ("A.2.3", 59)]
    left = _posted(client, f"{place}{first.pk}/accept/", {"reason": "It is the policy."})
    assert [one["control"] for one in left] == ["A.2.3"]
    assert _posted(client, f"{place}{second.pk}/refuse/", {}) == []
    assert EvidenceLink.objects.get().reason == "It is the policy."


def _posted(client: Client, address: str, body: dict[str, str]) -> list[dict[str, str]]:
    answer = client.post(address, body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_many_suggestions_take_as_many_queries_as_few(
    aims: Aims, officer: Actor, django_assert_num_queries: object
) -> None:
    few = suggested(officer, "A.2.2")[0].evidence_version.evidence
    many = suggested(officer, "A.2.2", "A.2.3", "A.2.4", "A.3.2", "A.3.3")[0].evidence_version.evidence
    for item in (few, many):
        with django_assert_num_queries(2):  # type: ignore[operator]
            open_suggestions(item.pk)
