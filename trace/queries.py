"""The chain as pages show it: a list by number, and one record."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import User
from aims.authority import Exercised, authority_of
from aims.models import Aims
from ledger.commitments import altered
from ledger.merkle import leaf_hash
from ledger.models import Annex, Leaf, Log, Record
from trace import ports, words
from trace.words import thin


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list."""

    number: int
    at: datetime
    who: str
    authority: str
    verb: str
    subject: str
    before: str
    after: str
    leaf: str


@dataclass(frozen=True, slots=True)
class Told:
    """One record in full."""

    number: int
    size: int
    title: str
    meaning: str
    at: datetime
    who: str
    initials: str
    held: Exercised
    signed_in: str
    changes: tuple[words.FieldChange, ...]
    reason: str
    erased: tuple[str, ...]
    artefact: str
    leaf: str
    is_true: bool
    address: str
    subject: str
    json: str

    @property
    def newer(self) -> int:
        """The next record's number, 0 for the newest."""
        return self.number + 1 if self.number < self.size else 0

    @property
    def older(self) -> int:
        """The number of the record before, 0 for the first."""
        return self.number - 1

    @property
    def place(self) -> str:
        """Its place in the log."""
        return _("%(n)s of %(all)s") % {"n": thin(self.number), "all": thin(self.size)}


@dataclass(frozen=True, slots=True)
class _Texts:
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str


def names_of(pseudonyms: Iterable[str]) -> dict[str, str]:
    """Return the names behind pseudonyms in one query; services are called by their own, the forgotten by none."""
    wanted = set(pseudonyms)
    people = {person.pseudonym: person.display_name for person in User.objects.filter(pseudonym__in=wanted)}
    return {pseudonym: people.get(pseudonym) or _unknown(pseudonym) for pseudonym in wanted}


def _unknown(pseudonym: str) -> str:
    for prefix in ("service-", "token-"):
        if pseudonym.startswith(prefix):
            return pseudonym.removeprefix(prefix)
    return _("Someone (%(pseudonym)s…)") % {"pseudonym": pseudonym[:8]}


def lines(leaves: Iterable[Leaf], names: dict[str, str], aims: Aims) -> list[Line]:
    """Tell leaves, fetched with their records and texts, as rows of the list; no further query."""
    zone = ZoneInfo(aims.time_zone)
    return [_line(leaf, names, zone) for leaf in leaves]


def _line(leaf: Leaf, names: dict[str, str], zone: ZoneInfo) -> Line:
    record = leaf.record
    body = _body(record)
    texts = _texts(record.annexes.all())
    before, after = _both_sides(body, texts)
    return Line(
        number=leaf.number,
        at=record.occurred_at.astimezone(zone),
        who=names.get(record.pseudonym, record.pseudonym),
        authority=words.role_label(body["actor"]["role"], body["actor"]["kind"]),
        verb=words.verb_of(record.event, texts.after),
        subject=words.subject_label(record.subject),
        before=before,
        after=after,
        leaf=leaf.leaf_hash[:8],
    )


def _body(record: Record) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(bytes(record.body))
    return body


def _texts(annexes: Iterable[Annex]) -> _Texts:
    texts = {annex.field: annex.text for annex in annexes}
    return _Texts(
        json.loads(texts.get("before") or "{}"), json.loads(texts.get("after") or "{}"), texts.get("rationale", "")
    )


def _both_sides(body: dict[str, Any], texts: _Texts) -> tuple[str, str]:
    subject = body["subject"]
    before, after = words.summary(subject["type"], texts.before, texts.after)
    if not texts.before and subject["before_hash"]:
        before = _("erased")
    if not texts.after and subject["after_hash"]:
        after = _("digest %(hash)s") % {"hash": subject["after_hash"][:8]}
    return before, after


def told(leaf: Leaf, log: Log, slug: str) -> Told:
    """Tell one leaf, fetched with its record and texts, in full; five queries for people and authority."""
    record = leaf.record
    body = _body(record)
    annexes = list(record.annexes.all())
    texts = _texts(annexes)
    actor, subject = body["actor"], body["subject"]
    who = names_of([record.pseudonym])[record.pseudonym]
    return Told(
        number=leaf.number,
        size=log.size,
        title=f"{words.verb_of(record.event, texts.after)} {words.subject_label(record.subject)}",
        meaning=words.meaning_of(record.event),
        at=record.occurred_at,
        who=who,
        initials="".join(word[0] for word in who.split()[:2]).upper(),
        held=authority_of([record])[record.pk],
        signed_in=words.signed_in(actor["auth_method"]),
        changes=words.changes(subject["type"], texts.before, texts.after),
        reason=texts.reason,
        erased=_erased(body, annexes),
        artefact=subject["after_hash"] if "after_commitment" in subject or not texts.after else "",
        leaf=leaf.leaf_hash,
        is_true=leaf_hash(bytes(record.body)).hex() == leaf.leaf_hash and not altered(body, annexes),
        address=ports.address_of(slug, record.subject),
        subject=words.subject_label(record.subject),
        json=bytes(record.body).decode(),
    )


def _erased(body: dict[str, Any], annexes: Iterable[Annex]) -> tuple[str, ...]:
    """Name the texts that the record commits to and that are no longer kept."""
    kept = {annex.field for annex in annexes if annex.text}
    promised = {
        "rationale": (body["decision"]["rationale_commitment"], _("the reason")),
        "before": (body["subject"]["before_hash"], _("what stood before")),
    }
    return tuple(label for field, (hash_, label) in promised.items() if hash_ and field not in kept)
