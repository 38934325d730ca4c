"""What a person at work asks for, as locust runs it: four reads for every write, a second's thought between them."""

import os
import random
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

from locust import HttpUser, constant, task

CONTROLS = ("A.2.2", "A.4.2", "A.5.2", "A.6.2.4", "A.7.2", "A.8.2", "A.9.2", "A.10.2")
PEOPLE = [line.split() for line in Path(os.environ["ASSAY_SIGN_INS"]).read_text(encoding="utf-8").splitlines()]
APART = max(len(PEOPLE) // 8, 1)
ENOUGH = 200
NUMBERS = count()
CHANCE = random.Random(42001)  # noqa: S311 - nothing secret comes of it


class Fields(HTMLParser):
    """The fields of the page's forms that post, as a browser would send them back, by the form's address."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: dict[str, list[tuple[str, str]]] = {}
        self._form: list[tuple[str, str]] | None = None
        self._open: tuple[str, str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a form holds."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._form = self.forms.setdefault(given.get("action", ""), [])
        if self._form is None or (tag != "option" and "disabled" in given):
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        is_off = kind in ("checkbox", "radio") and "checked" not in given
        if tag == "input" and name and kind not in ("file", "submit", "button") and not is_off:
            self._form.append((name, given.get("value", "on" if kind == "checkbox" else "")))
        elif tag in ("textarea", "select"):
            self._open = (tag, name)
            self._form.append((name, ""))
        elif tag == "option" and "selected" in given and self._open:
            self._form[-1] = (self._open[1], given.get("value", ""))

    def handle_data(self, data: str) -> None:
        """Take the text of a text area."""
        if self._form and self._open and self._open[0] == "textarea":
            name, text = self._form[-1]
            self._form[-1] = (name, text + data.removeprefix("\n") if not text else text + data)

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        if tag == "form":
            self._form = None
        if self._open and tag == self._open[0]:
            self._open = None

    def with_field(self, wanted: str) -> tuple[str, list[tuple[str, str]]]:
        """Return the address and the fields of the form that has a field of this name."""
        return next((place, form) for place, form in self.forms.items() if wanted in dict(form))


class Officer(HttpUser):
    """A compliance officer of one of the organisations, each of another."""

    wait_time = constant(1)

    def on_start(self) -> None:
        """Sign in as a person does."""
        slug, email, password = PEOPLE[next(NUMBERS) * APART % len(PEOPLE)]
        self.here = f"/a/{slug}/"
        self._send("/accounts/login/", "sign in", {"login": email, "password": password}, field="login")

    @task(4)
    def workbench(self) -> None:
        """The statement, all its rows."""
        self.client.get(f"{self.here}soa/", name="workbench")

    @task(4)
    def overview(self) -> None:
        """Where the day starts."""
        self.client.get(self.here, name="overview")

    @task(4)
    def evidence(self) -> None:
        """The list of evidence."""
        self.client.get(f"{self.here}evidence/", name="evidence list")

    @task(2)
    def trace(self) -> None:
        """Where one control comes from."""
        self.client.get(f"{self.here}chain/trace/?subject=entry:{CHANCE.choice(CONTROLS)}", name="trace")

    @task(2)
    def ledger(self) -> None:
        """The newest records."""
        self.client.get(f"{self.here}chain/", name="ledger")

    @task(3)
    def amend(self) -> None:
        """Say anew how a control is done."""
        place = f"{self.here}soa/{CHANCE.choice(CONTROLS)}/"
        self._send(place, "amend a row", {"how": f"Done by hand, round {CHANCE.random()}. " * 4}, field="how")

    @task(1)
    def give(self) -> None:
        """Give a note as evidence."""
        told = {"title": f"Note {CHANCE.randrange(10**6)}", "note": "Looked at and in order. " * 5}
        self._send(f"{self.here}evidence/upload/", "give evidence", told, field="note")

    def _send(self, place: str, name: str, told: dict[str, str], *, field: str) -> None:
        """Open a form, fill it in and send it; anything but the page that comes after a success is a failure."""
        page = self.client.get(place, name=f"{name}: form")
        action, fields = Fields(page.text).with_field(field)
        data: dict[str, Any] = {}
        for key, value in fields:
            data.setdefault(key, []).append(value)
        data |= told
        headers = {"Referer": f"{self.host}{place}"}
        with self.client.post(
            action or place, data, name=name, headers=headers, allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code != 302:
                answer.failure(f"{answer.status_code}: {' '.join(answer.text.split())[:ENOUGH]}")
