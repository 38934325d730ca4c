"""What proves it: forty-three items, named at the start and given as they come to be, each with a real file."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from aims.numbering import start_after
from desk.demo.organisation import OFFICER
from desk.demo.script import Data
from desk.demo.stage import Act, Stage
from evidence.actions import Content, expect_evidence, give_version
from evidence.intake import taken_in
from evidence.models import Evidence, LinkSource

MORNING = time(9, 40)


def acts(stage: Stage, items: list[Data]) -> Iterator[Act]:
    """Everything this part of the story tells."""
    for place, item in enumerate(items):
        yield Act(stage.at(f"2025-04-16 09:{place:02d}"), OFFICER, partial(_expect, stage, item))
        for version in item["versions"]:
            yield Act(_given_at(stage, version, place), item["by"], partial(_give, stage, item, version))


def _given_at(stage: Stage, version: Data, place: int) -> datetime:
    """A document is given on its day, a record on the day after its period, none before it was asked for."""
    day = version["on"] if "on" in version else version["to"] + timedelta(days=1)
    told = max(f"{day} {MORNING:%H:%M}", "2025-04-17 09:40")
    return stage.at(told) + timedelta(minutes=place)


def _expect(stage: Stage, item: Data, actor: Actor) -> None:
    start_after("EV", int(item["code"].removeprefix("EV-")) - 1)
    expect_evidence(
        item["title"],
        actor=actor,
        requirements=[stage.requirement(code) for code in item["controls"]],
        kind=item["kind"],
        owner=stage.people[item["owner"]],
        source=LinkSource.PERSON,
    )


def _give(stage: Stage, item: Data, version: Data, actor: Actor) -> None:
    evidence = Evidence.objects.get(code=item["code"])
    name, data = content_of(stage, item, version)
    with taken_in([SimpleUploadedFile(name, data)]) as files:
        content = Content(
            files=files,
            covers_from=stage.day(version.get("from")),
            covers_to=stage.day(version.get("to")),
            made_on=stage.day(version.get("on") or version["to"]),
            renew_by=stage.day(version["renew"]),
            change_note=stage.text(version.get("note", "")),
        )
        give_version(evidence, content, actor=actor)


def content_of(stage: Stage, item: Data, version: Data) -> tuple[str, bytes]:
    """Return the name and the bytes of a version: a short text, or a table of comma-separated values."""
    stem, _dot, suffix = item["name"].rpartition(".")
    name = f"{stem}-{version['v']}.{suffix}"
    return name, (_table(stage, item, version) if "table" in item else _text(stage, item, version)).encode()


def _table(stage: Stage, item: Data, version: Data) -> str:
    """The head says what it is and when; `keep` names the columns that this version had."""
    columns = version.get("keep", range(len(item["table"][0])))
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow([item["title"], f"version {version['v']}", _when(stage, version)])
    rows.writerow([])
    rows.writerows([row[column] for column in columns] for row in item["table"])
    return out.getvalue()


def _when(stage: Stage, version: Data) -> str:
    days = [version["on"]] if "on" in version else [version["from"], version["to"]]
    return " to ".join(stage.calendar.text(f"{{{day}}}", str) for day in days)


def _text(stage: Stage, item: Data, version: Data) -> str:
    day = _when(stage, version)
    head = f"# {item['title']}\n\nMeridian Assist Ltd · version {version['v']} · {day} · owner {item['owner']}\n"
    note = f"\nWhat changed: {stage.text(version['note'])}.\n" if "note" in version else ""
    return head + note + "".join(f"\n{line}\n" for line in item["says"])
