"""What an assessment tells in words, section by section, from its frozen form."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.sections.questions import BY_KEY
from reports.judged.shapes import Answer, SectionPage

Fact = Mapping[str, Any]


def section_pages(body: Fact) -> tuple[SectionPage, ...]:
    """Return the sections that tell anything, in their order."""
    by_section: dict[str, list[Answer]] = {"system": list(_columns(body))}
    for answer in body.get("answers") or []:
        by_section.setdefault(answer["section"], []).extend(_answer(answer))
    titles = _titles()
    order = [*titles, *(key for key in by_section if key not in titles)]
    return tuple(SectionPage(titles.get(key, key), tuple(by_section[key])) for key in order if by_section.get(key))


def question_label(key: str) -> str:
    """Return a question in words; its key has to do where nothing better is known."""
    if key in BY_KEY:
        return str(BY_KEY[key].label)
    return key.replace("_", " ").capitalize()


def _titles() -> dict[str, str]:
    return {
        "scope": _("Identification and scope"),
        "system": _("System and purpose"),
        "data": _("Data and its quality"),
        "model": _("Model and algorithm"),
        "deployment": _("Deployment and oversight"),
        "parties": _("Affected parties"),
        "impacts": _("Impacts"),
        "measures": _("Measures"),
        "society": _("Society and law"),
        "decision": _("Decision"),
    }


def _columns(body: Fact) -> Iterable[Answer]:
    told = (
        (_("Intended use"), body.get("intended_use")),
        (_("Foreseeable misuse"), body.get("foreseeable_misuse")),
        (_("Human oversight"), body.get("oversight")),
    )
    return (Answer(question, str(text)) for question, text in told if text)


def _answer(answer: Fact) -> Iterable[Answer]:
    question = question_label(answer["question"])
    if answer.get("text"):
        yield Answer(question, answer["text"])
    elif answer.get("not_applicable_because"):
        yield Answer(question, _("Not applicable because: %s") % answer["not_applicable_because"])
