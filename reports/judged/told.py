"""What an assessment tells in words, section by section, from its frozen form."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from assessments.models import Depth, Publication, Section
from assessments.sections.questions import BY_KEY
from assessments.sections.vocabulary import SENSITIVE_USES, TRIGGERS, labels
from reports.judged.shapes import Answer, SectionPage

Fact = Mapping[str, Any]


def section_pages(body: Fact) -> tuple[SectionPage, ...]:
    """Return the sections that tell anything, in their order."""
    by_section = _columns(body)
    for answer in body.get("answers") or []:
        by_section.setdefault(answer["section"], []).extend(_answer(answer))
    titles: dict[str, str] = {key: str(title) for key, title in Section.choices}
    order = [*titles, *(key for key in by_section if key not in titles)]
    return tuple(SectionPage(titles.get(key, key), tuple(by_section[key])) for key in order if by_section.get(key))


def question_label(key: str) -> str:
    """Return a question in words; its key has to do where nothing better is known."""
    if key in BY_KEY:
        return str(BY_KEY[key].label)
    return key.replace("_", " ").capitalize()


def _columns(body: Fact) -> dict[str, list[Answer]]:
    """Return what stands in fields of its own, by the section that it belongs to."""
    sensitive = labels(SENSITIVE_USES, body.get("sensitive_uses") or ())
    told = (
        (Section.SCOPE, _("Depth"), _depth(body)),
        (Section.SYSTEM, _("Intended use"), body.get("intended_use")),
        (Section.SYSTEM, _("Foreseeable misuse"), body.get("foreseeable_misuse")),
        (Section.SYSTEM, _("Human oversight"), body.get("oversight")),
        (Section.SYSTEM, _("Sensitive uses"), "; ".join(sensitive)),
        (Section.DECISION, _("Looked at again after"), ", ".join(labels(TRIGGERS, body.get("triggers") or ()))),
        (Section.DECISION, _("Publication"), worded(Publication, body.get("publication") or "")),
    )
    found: dict[str, list[Answer]] = {}
    for section, question, text in told:
        if text:
            found.setdefault(section, []).append(Answer(question, str(text)))
    return found


def _depth(body: Fact) -> str:
    """Return how deep it was to go, and which screening said so."""
    depth = worded(Depth, body.get("depth") or "")
    screening = body.get("screening")
    return _("%(depth)s, by %(screening)s") % {"depth": depth, "screening": screening} if screening else depth


def worded(choices: type[TextChoices], code: str) -> str:
    """Return a code in words; one that nobody knows any more stands for itself."""
    return str(choices(code).label) if code in choices.values else code


def _answer(answer: Fact) -> Iterable[Answer]:
    question = question_label(answer["question"])
    if answer.get("text"):
        yield Answer(question, answer["text"])
    elif answer.get("not_applicable_because"):
        yield Answer(question, _("Not applicable because: %s") % answer["not_applicable_because"])
