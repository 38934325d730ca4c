"""What is handed over as a file: opened, and read to the last page."""

from urllib.parse import quote

from django.urls import reverse

from accounts.context import acting_in
from jobs.actions import run_job
from jobs.models import JobState
from reports.models import Pack
from tests.matrix.asking import World, ask, trying
from tests.matrix.reading import body_of, opened, said
from tests.matrix.tenant import CHIEF


def test_a_pack_and_the_report_in_it_hold_nothing_of_theirs(world: World) -> None:
    """It holds our texts, laid out and signed, the whole log, every file, and the verifier."""
    slug, chief = world.ours.aims.slug, world.clients[CHIEF]
    with trying():
        asked = ask(chief, "POST", reverse("reports:pack_ask", args=[slug]), {"preset": "stage2", "with_files": "on"})
        assert asked.status_code == 302
        with acting_in(world.ours.aims, world.ours.author):
            pack = Pack.objects.order_by("-pk")[0]
        assert run_job(pack.job_id) == JobState.DONE
        answer = ask(chief, "GET", reverse("reports:pack_download", args=[slug, pack.code]))
        pages = [part for part in opened(body_of(answer)) if world.ours.word.encode() in part]
        assert len(pages) > 20
        assert world.leaks(answer) == []


def test_exports_are_opened(world: World) -> None:
    """A canary inside a workbook is found, so finding none means something."""
    answer = ask(world.clients[CHIEF], "GET", reverse("soa:export", args=[world.ours.aims.slug, "xlsx"]))
    assert body_of(answer).startswith(b"PK")
    assert world.ours.word.lower().encode() in said(answer)
    assert world.ours.word.encode() not in body_of(answer)
    assert quote(world.theirs.word) not in answer["Content-Disposition"]
