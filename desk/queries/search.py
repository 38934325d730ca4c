"""Search over everything that has a code and a title, a fixed number of queries whatever there is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from aims.models import Obligation
from assessments.models import Assessment, AssessmentState, Risk
from controls.models import Requirement
from evidence.finding import holding, passage
from evidence.models import Evidence, EvidenceVersion, File, FileText
from soa.models import Entry
from systems.models import AiSystem

LIMIT = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: its code, its title, its page, and the words in it that were asked for."""

    code: str
    title: str
    address: str
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind; `has_more` when not all are shown."""

    label: str
    icon: str
    hits: tuple[Hit, ...]
    has_more: bool


def search(slug: str, text: str) -> tuple[Group, ...]:
    """Return what has the text in its code, title or words, by kind, at most 20 of each; nine queries, or none.

    Words in files and in rows of the statement are shown with the passage they stand in.
    """
    if not text:
        return ()
    found = (
        (_("Controls"), "soa", _controls(slug, text)),
        (_("AI systems"), "system", _systems(slug, text)),
        (_("Evidence"), "evidence", _evidence(slug, text)),
        (_("Words in evidence"), "evidence", _words(slug, text)),
        (_("Words in the statement"), "soa", _entries(slug, text)),
        (_("Impact assessments"), "assess", _assessments(slug, text)),
        (_("Risks"), "warning", _risks(slug, text)),
        (_("Obligations"), "filter", _obligations(slug, text)),
    )
    return tuple(
        Group(label, icon, tuple(hits[:LIMIT]), has_more=len(hits) > LIMIT) for label, icon, hits in found if hits
    )


def jump(groups: Iterable[Group], text: str) -> str:
    """Return the page of the only thing whose code was typed in full, or nothing."""
    exact = [
        hit.address for group in groups for hit in group.hits if hit.code.lower() == text.lower() and not hit.passage
    ]
    return exact[0] if len(exact) == 1 else ""


def _either(text: str, *names: str) -> Q:
    wanted = Q()
    for name in names:
        wanted |= Q(**{f"{name}__icontains": text})
    return wanted


def _hits(rows: Iterable[tuple[str, str]], address: Callable[[str], str]) -> list[Hit]:
    return [Hit(code, title, address(code)) for code, title in rows]


def _page(name: str, slug: str, code: str) -> str:
    return reverse(name, args=[slug, code])


def _controls(slug: str, text: str) -> list[Hit]:
    rows = Requirement.objects.decidable().filter(_either(text, "code", "title")).in_order()
    base = reverse("soa:workbench", args=[slug])
    return _hits(rows.values_list("code", "title")[: LIMIT + 1], lambda code: f"{base}?control={quote(code)}")


def _systems(slug: str, text: str) -> list[Hit]:
    rows = AiSystem.objects.filter(_either(text, "code", "name")).order_by("code")
    return _hits(rows.values_list("code", "name")[: LIMIT + 1], partial(_page, "systems:detail", slug))


def _evidence(slug: str, text: str) -> list[Hit]:
    rows = Evidence.objects.live().filter(_either(text, "code", "title")).order_by("code")
    return _hits(rows.values_list("code", "title")[: LIMIT + 1], partial(_page, "evidence:detail", slug))


def _words(slug: str, text: str) -> list[Hit]:
    """Return the items in whose newest version a file holds the words: two queries."""
    files = File.objects.filter(
        sha256__in=holding(text).values("sha256"),
        evidence_version__in=EvidenceVersion.objects.latest().values("pk"),
        evidence_version__evidence__withdrawn_at__isnull=True,
    ).order_by("evidence_version__evidence__code", "pk")
    rows = list(files.values_list("evidence_version__evidence__code", "name", "sha256")[: LIMIT + 1])
    texts = dict(FileText.objects.filter(sha256__in={row[2] for row in rows}).values_list("sha256", "text"))
    address = partial(_page, "evidence:detail", slug)
    return [Hit(code, name, address(code), passage(texts.get(sha256, ""), text)) for code, name, sha256 in rows]


def _entries(slug: str, text: str) -> list[Hit]:
    """Return the rows of the statement that give the text as a reason."""
    rows = Entry.objects.filter(why__icontains=text).order_by("requirement__position", "requirement__code")
    base = reverse("soa:workbench", args=[slug])
    found = rows.values_list("requirement__code", "requirement__title", "why")[: LIMIT + 1]
    return [Hit(code, title, f"{base}?control={quote(code)}", passage(why, text)) for code, title, why in found]


def _assessments(slug: str, text: str) -> list[Hit]:
    rows = Assessment.objects.exclude(state=AssessmentState.SUPERSEDED).filter(_either(text, "code", "system__name"))
    found = rows.order_by("code", "pk").values_list("code", "edition", "system__name")[: LIMIT + 1]
    return [Hit(code, name, reverse("assessments:detail", args=[slug, code, edition])) for code, edition, name in found]


def _risks(slug: str, text: str) -> list[Hit]:
    rows = Risk.objects.filter(_either(text, "code", "title"), withdrawn_at__isnull=True).order_by("code")
    return _hits(rows.values_list("code", "title")[: LIMIT + 1], partial(_page, "assessments:risk", slug))


def _obligations(slug: str, text: str) -> list[Hit]:
    rows = Obligation.objects.filter(_either(text, "code", "title"), withdrawn_at__isnull=True).order_by("code")
    return _hits(rows.values_list("code", "title")[: LIMIT + 1], partial(_page, "aims:obligation", slug))
