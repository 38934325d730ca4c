"""What stands beside an assessment's content: remarks, co-authors, what nobody has answered yet, other editions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, CharField, DateTimeField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast

from accounts.actor import Actor
from accounts.models import User
from accounts.roles import Role
from aims.history import rows_at
from assessments.models import Assessment, AssessmentState, CoAuthor, SectionComment
from assessments.triggers.queries import open_triggers

NONE: dict[str, Any] = {
    "key": F("id"),
    "person": Cast(Value(None), BigIntegerField()),
    "version": Cast(Value(None), BigIntegerField()),
    "place": Value("", CharField()),
    "words": Value("", TextField()),
    "name": Value("", CharField()),
    "email": Value("", CharField()),
    "said_at": Cast(Value(None), DateTimeField()),
    "settled_at": Cast(Value(None), DateTimeField()),
}


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark on a section and who made it."""

    pk: int
    version: int
    section: str
    text: str
    said_by: User
    said_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class OtherAuthor:
    """Somebody who writes it beside its author."""

    pk: int
    version: int
    user: User


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the same assessment."""

    edition: str
    state: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """All of it, each in the order in which it came; what waits begins with the newest."""

    remarks: dict[str, list[Comment]]
    co_authors: tuple[OtherAuthor, ...]
    waiting: tuple[str, ...]
    editions: tuple[Edition, ...]

    def has_as_author(self, actor: Actor) -> bool:
        """Whether a control owner was named to write it beside its author."""
        held = actor.is_person and actor.holds(Role.OWNER)
        return held and any(actor.owns(other.user.pk, Role.OWNER) for other in self.co_authors)


def beside(row: Assessment, at: datetime | None = None) -> Beside:
    """Gather it, now or as it stood; co-authors are of today. One query for four tables, which have little each."""
    comments = SectionComment.objects.filter(assessment=row.pk)
    authors = CoAuthor.objects.filter(assessment=row.pk, withdrawn_at__isnull=True)
    waiting = open_triggers(at).filter(assessment__code=row.code)
    told = {"place": F("section"), "words": F("text"), "said_at": F("said_at"), "settled_at": F("settled_at")}
    found = _of(
        comments if at is None else comments.filter(said_at__lte=at),
        "comment",
        version=F("version"),
        person=F("said_by_id"),
        name=F("said_by__name"),
        email=F("said_by__email"),
        **told,
    ).union(
        _of(authors, "author", version=F("version"), person=F("user_id"), name=F("user__name"), email=F("user__email")),
        _of(waiting, "trigger", words=F("title")),
        _of(rows_at(Assessment, at, code=row.code), "edition", place=F("edition"), words=F("state")),
        all=True,
    )
    return _sorted(row, sorted(found, key=lambda one: one["as_key"]))


def _of(rows: QuerySet[Any], kind: str, **given: Any) -> QuerySet[Any]:
    columns = {f"as_{name}": given.get(name, none) for name, none in NONE.items()}
    found: QuerySet[Any] = (
        rows.order_by().annotate(as_kind=Value(kind, CharField()), **columns).values("as_kind", *columns)
    )
    return found


def _sorted(row: Assessment, found: Iterable[dict[str, Any]]) -> Beside:
    by_kind: dict[str, list[dict[str, Any]]] = {"comment": [], "author": [], "trigger": [], "edition": []}
    for one in found:
        by_kind[one["as_kind"]].append(one)
    remarks: dict[str, list[Comment]] = {}
    for one in by_kind["comment"]:
        said = Comment(
            one["as_key"],
            one["as_version"],
            one["as_place"],
            one["as_words"],
            _person(one),
            one["as_said_at"],
            one["as_settled_at"],
        )
        remarks.setdefault(said.section, []).append(said)
    return Beside(
        remarks,
        tuple(OtherAuthor(one["as_key"], one["as_version"], _person(one)) for one in by_kind["author"]),
        tuple(one["as_words"] for one in reversed(by_kind["trigger"])),
        tuple(
            Edition(one["as_place"], str(AssessmentState(one["as_words"]).label), one["as_key"] == row.pk)
            for one in by_kind["edition"]
        ),
    )


def _person(one: dict[str, Any]) -> User:
    return User(pk=one["as_person"], name=one["as_name"] or "", email=one["as_email"] or "")
