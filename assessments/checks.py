"""What an assessment lacks before its decision, and what its approver should look at; each with where to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aims.acceptance import rule_of
from assessments.models import PartyKind
from assessments.queries.sheet import ImpactLine, Sheet
from assessments.sections.questions import asked

MOST = 12
SECTIONS = ("purpose", "parties", "impacts", "mitigations")


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence, the section it belongs to and the element to go to."""

    text: str
    section: str
    anchor: str
    title: str = ""


def gaps(sheet: Sheet) -> tuple[Remark, ...]:
    """What must be there before it can be submitted."""
    checks = (
        purpose_is_told,
        questions_are_answered,
        sensitive_use_is_argued,
        parties_are_named,
        harms_are_named,
        harms_are_scored,
        targets_are_dated,
        measures_are_dated,
    )
    return tuple(remark for check in checks for remark in check(sheet))


def cautions(sheet: Sheet) -> tuple[Remark, ...]:
    """What does not block, and still wants a look."""
    checks = (
        severe_remains,
        lower_rests_on_measures,
        harms_are_described,
        oversight_is_told,
        parties_were_heard,
        levels_have_parties,
        register_was_checked,
    )
    return tuple(remark for check in checks for remark in check(sheet))


def purpose_is_told(sheet: Sheet) -> Iterator[Remark]:
    """Intended use, foreseeable misuse and jurisdictions are what 6.1.4 asks to consider."""
    row = sheet.assessment
    if not row.intended_use.strip():
        yield Remark(_("Say what the system is intended for."), "purpose", "purpose")
    if not row.foreseeable_misuse.strip():
        yield Remark(_("Say how it could foreseeably be misused."), "purpose", "purpose")
    if not row.jurisdictions:
        yield Remark(_("Name the jurisdictions it is used in."), "purpose", "purpose")


def questions_are_answered(sheet: Sheet) -> Iterator[Remark]:
    """What a screening found due is answered, or it is said why it does not apply (ISO/IEC 42005)."""
    row = sheet.assessment
    for question in asked(row.depth) if row.depth else ():
        answer = sheet.answers.get(question.key)
        if answer is None or not answer.is_told:
            text = _("Answer, or say why it does not apply: %(question)s") % {"question": question.label}
            yield Remark(text, question.section, f"q-{question.key}")


def sensitive_use_is_argued(sheet: Sheet) -> Iterator[Remark]:
    """A use that crosses a threshold is accepted for a reason, or not at all."""
    answer = sheet.answers.get("sensitive")
    if sheet.assessment.sensitive_uses and (answer is None or not answer.text.strip()):
        yield Remark(_("Say why the sensitive use is accepted, and under which limits."), "society", "q-sensitive")


def register_was_checked(sheet: Sheet) -> Iterator[Remark]:
    """An answer that the register gave is nobody's judgement until somebody has looked at it."""
    count = sum(answer.is_prefilled for answer in sheet.answers.values())
    if count:
        text = ngettext(
            "%(n)s answer was taken from the register and nobody has looked at it.",
            "%(n)s answers were taken from the register and nobody has looked at them.",
            count,
        )
        yield Remark(text % {"n": count}, "scope", "scope")


def parties_are_named(sheet: Sheet) -> Iterator[Remark]:
    """Somebody is always affected."""
    if not sheet.parties:
        yield Remark(_("Name who is affected."), "parties", "parties")


def harms_are_named(sheet: Sheet) -> Iterator[Remark]:
    """An assessment without a single possible harm has not looked."""
    if not sheet.harms:
        yield Remark(_("Name at least one possible harm."), "impacts", "impacts")


def harms_are_scored(sheet: Sheet) -> Iterator[Remark]:
    """A harm without likelihood or severity is not judged."""
    for impact in sheet.harms:
        if impact.before is None:
            text = _("Score likelihood and severity of impact %(n)s before measures.") % {"n": impact.number}
            yield Remark(text, "impacts", f"impact-{impact.pk}")


def targets_are_dated(sheet: Sheet) -> Iterator[Remark]:
    """A target is two scores and a date, or nothing."""
    for impact in sheet.harms:
        row = impact.row
        parts = (row.target_likelihood, row.target_severity, row.target_on)
        if any(parts) and not all(parts):
            text = _("Give the target of impact %(n)s both scores and a date.") % {"n": impact.number}
            yield Remark(text, "impacts", f"impact-{impact.pk}")


def measures_are_dated(sheet: Sheet) -> Iterator[Remark]:
    """A measure is in place, or it has a date."""
    for measure in sheet.measures:
        if not measure.is_in_place and measure.due_on is None:
            text = _("Say by when “%(text)s” is in place.") % {"text": measure.text}
            yield Remark(text, "mitigations", f"measure-{measure.pk}")


def severe_remains(sheet: Sheet) -> Iterator[Remark]:
    """What the criteria let nobody accept: as shipped, Severe."""
    for impact in sheet.harms:
        if impact.now and rule_of(sheet.assessment.criteria, impact.now.band).is_nobody:
            title = _("Impact %(n)s is %(band)s now") % {"n": impact.number, "band": impact.now.label}
            yield Remark(_severe_text(impact), "impacts", f"impact-{impact.pk}", title)


def _severe_text(impact: ImpactLine) -> str:
    text = _("Nobody may accept %(band)s; mitigate first or decline.")
    text %= {"band": impact.now.label if impact.now else ""}
    if impact.target is None or impact.row.target_on is None:
        return text
    day = impact.row.target_on
    about = {"score": impact.target.score, "band": impact.target.label, "day": f"{day.day} {day:%B %Y}"}
    return text + " " + _("Target %(score)s, %(band)s, by %(day)s.") % about


def lower_rests_on_measures(sheet: Sheet) -> Iterator[Remark]:
    """What remains counts only measures that are in place."""
    for impact in sheet.harms:
        if impact.is_lowered_without_measure:
            title = _("Impact %(n)s is scored lower without a measure in place") % {"n": impact.number}
            text = _(
                "Residual scores count only measures in place. Name the one in place, or set a target with a date."
            )
            failing = [measure.fails_because for measure in impact.measures if measure.fails_because]
            if failing:
                text = f"{'; '.join(dict.fromkeys(failing))}. {text}"
            yield Remark(text, "impacts", f"impact-{impact.pk}", title)


def harms_are_described(sheet: Sheet) -> Iterator[Remark]:
    """Whom a harm meets, how long it lasts and whether it can be put right say how much its severity weighs (A.5.2)."""
    words = {
        "who": _("Say whom these impacts meet: %(n)s."),
        "duration": _("Say how long these impacts last: %(n)s."),
        "reversibility": _("Say whether these impacts can be put right: %(n)s."),
    }
    for name, text in words.items():
        lacking = [impact for impact in sheet.harms if not getattr(impact.row, name).strip()]
        if lacking:
            numbers = ", ".join(str(impact.number) for impact in lacking[:MOST])
            more = _(" and %(n)s more") % {"n": len(lacking) - MOST} if len(lacking) > MOST else ""
            yield Remark(text % {"n": numbers + more}, "impacts", f"impact-{lacking[0].pk}")


def oversight_is_told(sheet: Sheet) -> Iterator[Remark]:
    """An approver will ask who can step in."""
    if not sheet.assessment.oversight.strip():
        yield Remark(_("It does not say how people oversee the system."), "purpose", "purpose")


def parties_were_heard(sheet: Sheet) -> Iterator[Remark]:
    """Consultation is expected, and its absence should be known."""
    silent = [party.name for party in sheet.parties if not party.heard.strip()]
    if silent:
        yield Remark(_("Not heard: %(names)s.") % {"names": ", ".join(silent)}, "parties", "parties")


def levels_have_parties(sheet: Sheet) -> Iterator[Remark]:
    """Harm to a level at which nobody is named was not thought through (A.5.4, A.5.5)."""
    named = {party.kind for party in sheet.parties}
    for kind in PartyKind:
        if kind not in named and any(impact.row.level == kind for impact in sheet.harms):
            text = _("There are impacts on the level “%(level)s” and nobody affected is named there.")
            yield Remark(text % {"level": str(kind.label).lower()}, "parties", "parties")
