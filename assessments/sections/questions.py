"""The questions of an assessment: data, in the structure of ISO/IEC 42005:2025 and in our own words.

A key is never reused for another question, for answers are kept under it. `is_core` questions are asked at every depth,
the others in a full assessment only. `serves` are the clauses and controls of ISO/IEC 42001 that an answer speaks to.
`places` say where the register may know the answer already: see `prefill.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.screening.models import Depth
from assessments.sections.models import Section

Place = tuple[str, ...]
EDITION = 1


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a section, the hint beside it, and what it serves."""

    key: str
    section: Section
    label: str | Promise
    help: str | Promise
    serves: tuple[str, ...]
    is_core: bool = False
    places: tuple[Place, ...] = ()


QUESTIONS: tuple[Question, ...] = (
    Question(
        "scope",
        Section.SCOPE,
        _("What does this assessment cover, and what does it leave out?"),
        _("Name the system's parts, versions, uses and places, and why anything is left out."),
        ("6.1.4", "A.5.2"),
        is_core=True,
    ),
    Question(
        "occasion",
        Section.SCOPE,
        _("What is the occasion, and which earlier assessments does it build on?"),
        _("A new system, a change, a planned review; other assessments of privacy, safety or fundamental rights."),
        ("A.5.2", "8.4"),
    ),
    Question(
        "people",
        Section.SCOPE,
        _("Who took part, and with which competence?"),
        _("Roles rather than names: who knows the system, its data, the law and the people affected."),
        ("A.5.2", "A.4.6"),
        places=(("people",),),
    ),
    Question(
        "capabilities",
        Section.SYSTEM,
        _("What can the system do, and what can it not do?"),
        _("Inputs, outputs, known limits, and features that are there but switched off."),
        ("A.5.3", "A.6.2.7"),
        is_core=True,
        places=(("description",),),
    ),
    Question(
        "users",
        Section.SYSTEM,
        _("Who is meant to use it, and what do they need to know for that?"),
        _("Roles of users, their training, and what they are told about the system."),
        ("A.8.2", "A.9.4"),
        places=(("classification", "intended_users"), ("governance", "user_information")),
    ),
    Question(
        "data_used",
        Section.DATA,
        _("Which data does it learn from, retrieve and process?"),
        _("Sources, kinds, personal and special categories, and how long they are kept."),
        ("A.7.2", "A.7.3", "A.7.5"),
        is_core=True,
        places=(
            ("data", "training_sources"),
            ("data", "rag_sources"),
            ("data", "sources"),
            ("classification", "data_sensitivity"),
            ("data", "retention_days"),
        ),
    ),
    Question(
        "data_quality",
        Section.DATA,
        _("How good are the data for this use, and whom do they represent badly?"),
        _("Quality criteria and results, known bias, gaps, and how data were prepared."),
        ("A.7.4", "A.7.6"),
        is_core=True,
        places=(("data", "quality_criteria"), ("data", "preparation_criteria")),
    ),
    Question(
        "data_origin",
        Section.DATA,
        _("Where do the data come from, and may they be used for this?"),
        _("Provenance, licences, consent, and what happens when somebody wants theirs removed."),
        ("A.7.3", "A.7.5"),
        places=(("data", "provenance_process"), ("data", "removal", "how")),
    ),
    Question(
        "model",
        Section.MODEL,
        _("Which model or algorithm is used, from whom, and how was it fitted to this use?"),
        _("Type, version, provider, fine-tuning, prompts and tools it may call."),
        ("A.5.3", "A.6.2.3"),
        is_core=True,
        places=(("model",), ("models",), ("prompts",), ("tools",)),
    ),
    Question(
        "performance",
        Section.MODEL,
        _("How well does it perform, for whom is it worse, and how do you know?"),
        _("Evaluations with their results for groups of people, and conditions under which it degrades."),
        ("A.6.2.4", "A.6.2.6"),
        places=(("governance", "evaluation"), ("governance", "bias_test")),
    ),
    Question(
        "explaining",
        Section.MODEL,
        _("Can a result be explained to the person it concerns?"),
        _("What is explained, to whom and how, and where no explanation can be given."),
        ("A.8.2", "A.6.2.7"),
    ),
    Question(
        "environment",
        Section.DEPLOYMENT,
        _("Where and with what is it deployed?"),
        _("Environment, regions, other systems it depends on or feeds, and languages."),
        ("A.6.2.5", "A.4.5"),
        is_core=True,
        places=(("deployment", "environment"), ("deployment", "regions"), ("computing",)),
    ),
    Question(
        "automation",
        Section.DEPLOYMENT,
        _("What does it decide or do by itself, and what does a person decide?"),
        _("The degree of automation at each step, and what follows if nobody looks."),
        ("A.9.2", "A.9.3"),
        is_core=True,
        places=(("classification", "automation"),),
    ),
    Question(
        "intervention",
        Section.DEPLOYMENT,
        _("How is it watched in use, stopped and overruled?"),
        _("Monitoring, who is told, who may stop it and within which time."),
        ("A.6.2.6", "A.6.2.8", "A.8.4"),
        places=(("monitoring", "signals"), ("governance", "escalation")),
    ),
    Question(
        "finding_parties",
        Section.PARTIES,
        _("How were the people affected found, and who might have been missed?"),
        _("Also those who never use the system, are judged by it, or cannot speak for themselves."),
        ("A.5.4", "4.2"),
        places=(("classification", "affected_parties"),),
    ),
    Question(
        "informing",
        Section.PARTIES,
        _("How do people learn of the system, object, complain and get help?"),
        _("Notices, ways to object or opt out, complaints, and who answers them."),
        ("A.8.3", "A.8.5"),
    ),
    Question(
        "failures",
        Section.IMPACTS,
        _("Which failures and attacks can be predicted, and whom would they hit?"),
        _("Wrong, late or missing results, drift, misuse, and threats that were looked at."),
        ("A.5.4", "A.5.5", "A.6.2.4"),
        is_core=True,
        places=(("governance", "threats"),),
    ),
    Question(
        "benefits_shared",
        Section.IMPACTS,
        _("Who gains from it, and are those who bear the harms among them?"),
        _("Benefits are told beside harms; they never make a harm smaller."),
        ("A.5.4",),
    ),
    Question(
        "remaining",
        Section.MEASURES,
        _("What remains once the measures are in place, and why can or cannot it be borne?"),
        _("What no measure reaches, and the alternatives that were looked at, one of them not to use AI."),
        ("6.1.4", "A.5.2"),
        is_core=True,
    ),
    Question(
        "context",
        Section.SOCIETY,
        _("In which society and under which laws is it used?"),
        _("Laws and expectations where people are affected, and how these differ between places."),
        ("4.1", "A.5.5"),
        is_core=True,
        places=(("deployment", "jurisdictions"), ("classification", "eu_ai_act_tier")),
    ),
    Question(
        "employment",
        Section.SOCIETY,
        _("What does it change in people's work?"),
        _("Jobs and tasks that go, come or change, workload and surveillance, and how workers were heard."),
        ("A.5.4", "A.5.5"),
        is_core=True,
    ),
    Question(
        "wider",
        Section.SOCIETY,
        _("What could it do at scale: to the environment, the economy, public life and culture?"),
        _("Energy and materials, markets, elections and public services, and effects that add up over time."),
        ("A.5.5",),
    ),
    Question(
        "sensitive",
        Section.SOCIETY,
        _("Does the use cross a threshold, and what follows?"),
        _("For each sensitive use ticked above: why it is accepted at all, and under which limits."),
        ("A.5.2", "A.9.4"),
    ),
    Question(
        "consulted",
        Section.DECISION,
        _("Who has to be told or asked before it is decided?"),
        _("Experts, workers, authorities, and advice that was not followed, with the reason."),
        ("A.5.2", "A.8.5"),
    ),
    Question(
        "publishing",
        Section.DECISION,
        _("What of this is told to whom, and what is held back?"),
        _("What people affected, customers and authorities get to read."),
        ("A.8.2", "A.8.5", "A.5.3"),
    ),
)
BY_KEY: Mapping[str, Question] = MappingProxyType({question.key: question for question in QUESTIONS})


def asked(depth: str) -> tuple[Question, ...]:
    """Return the questions of a depth: the core ones of a focused assessment, else all."""
    return tuple(question for question in QUESTIONS if question.is_core or depth != Depth.FOCUSED)


def asked_in(section: str, depth: str) -> tuple[Question, ...]:
    """Return the questions of a section at a depth."""
    return tuple(question for question in asked(depth) if question.section == section)
