"""Assessments as files: out, in again, in as others write them, and refused where they do not fit."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.actor import Actor
from accounts.models import User
from aims.models import Aims
from assessments.actions import submit_assessment
from assessments.actions.bring import NotBringable, import_assessment
from assessments.markdown.gathering import file_of
from assessments.markdown.plan import plan_of
from assessments.models import AffectedParty, Assessment, Impact, Measure
from tests.assessments.make import a_complete_assessment, a_decided_assessment, a_system, an_approver, an_impact

FOREIGN = """# AI Impact Assessment: Support assistant

**System:** support-assistant
**Version:** 4.2

## 1. System context
**Purpose:** Answers questions of customers.
It runs in the web chat.

**Human oversight:** An agent can take over.
- Jurisdictions: EU, UK

## 2. Affected parties
- **Customers:** they may be told something wrong
- Support agents (group)

## 3. Impacts
| ID | Impact | Affected | Dimension |
|----|--------|----------|-----------|
| I-1 | Wrong refund rule \\| money lost | Customers | Fairness |
| I-2 | Agents lose practice | Support agents | |

## 4. Likelihood & severity
| ID | Likelihood (1-5) | Severity (1-5) | Score | Level |
|----|:--:|:--:|:--:|---|
| I-1 | 4 (Likely) | Major | 16 | Severe |
| I-2 | 3 | 2/5 | 9 | **Low** |

## 5. Mitigations
- [x] Answers quote the rule (I-1), A.7.2
- [ ] Practice days (I-2) by 2026-12-01

## 6. Residual risk and decision
| ID | Likelihood | Severity |
|---|---|---|
| I-1 | 2 | 4 |

**Decision:** Accept with conditions
**Approved by:** Ada, CTO
**Date:** 15 January 2026
"""


def test_a_file_leaves_and_comes_back_as_itself(aims: Aims, officer: Actor) -> None:
    row = a_complete_assessment(officer)
    an_impact(row, officer, description="A | bar\nand a line", likelihood=None)
    text = file_of(Assessment.objects.get(pk=row.pk))
    other = a_system(officer)
    plan, copy = import_assessment(text.encode(), other, name="ia.md", actor=officer)
    assert plan.verdict == "added"
    assert copy is not None
    assert _body(file_of(copy)) == _body(text)
    assert import_assessment(text.encode(), other, actor=officer)[0].verdict == "unchanged"


def test_a_draft_becomes_what_its_file_says(aims: Aims, officer: Actor) -> None:
    row = a_complete_assessment(officer)
    text = file_of(row)
    an_impact(row, officer, description="Another")
    before = Impact.objects.get(number=1)
    import_assessment(text.encode(), row.system, actor=officer)
    assert _live(Impact, row) == 1
    assert Impact.objects.get(number=1).version == before.version
    assert file_of(Assessment.objects.get(pk=row.pk)) == text


def test_a_decided_edition_stays_and_the_file_begins_the_next(aims: Aims, officer: Actor) -> None:
    row = a_decided_assessment(officer, an_approver(aims, officer))
    text = file_of(Assessment.objects.get(pk=row.pk))
    assert "- Decision: Proceed\n" in text
    assert import_assessment(text.encode(), row.system, actor=officer)[0].verdict == "unchanged"
    changed = text.replace("A recruiter opens every file.", "Two recruiters do.")
    plan, new = import_assessment(changed.encode(), row.system, actor=officer)
    assert plan.verdict == "edition"
    assert new is not None
    assert (new.edition, new.state, new.decision, new.oversight) == ("1.1", "draft", "", "Two recruiters do.")
    assert Assessment.objects.get(pk=row.pk).oversight == "A recruiter opens every file."


def test_what_others_wrote_is_understood(aims: Aims, officer: Actor) -> None:
    plan, row = import_assessment(FOREIGN.encode(), a_system(officer), actor=officer)
    assert row is not None
    assert (row.system_version, row.oversight, row.jurisdictions) == ("4.2", "An agent can take over.", ["EU", "UK"])
    assert row.intended_use == "Answers questions of customers.\n\nIt runs in the web chat."
    assert list(AffectedParty.objects.values_list("name", "kind")) == [
        ("Customers", "individual"),
        ("Support agents (group)", "group"),
    ]
    first, second = Impact.objects.all()
    assert (first.description, first.likelihood, first.severity) == ("Wrong refund rule | money lost", 4, 4)
    assert (first.residual_likelihood, first.residual_severity, first.dimension) == (2, 4, "fairness")
    assert (second.level, second.likelihood, second.severity) == ("group", 3, 2)
    assert [one["id"] for one in plan.flagged] == ["2"]
    held = {one.impact_id: one for one in Measure.objects.select_related("requirement")}
    assert held[first.pk].requirement is not None
    assert held[first.pk].is_in_place
    assert str(held[second.pk].due_on) == "2026-12-01"
    assert (plan.document.verdict.decision, plan.document.verdict.approver) == ("conditions", "Ada, CTO")
    assert row.decision == ""


BROKEN = [
    ("| I-2 | 3 | 2/5 | 9 |", "| I-2 | 6 | 2/5 | 9 |", 27, "6"),
    ("| I-2 | 3 | 2/5 | 9 |", "| I-2 | 0 | 2/5 | 9 |", 27, "0"),
    ("| I-2 | 3 | 2/5 | 9 |", "| I-2 | 2.5 | 2/5 | 9 |", 27, "2.5"),
    ("| I-2 | 3 | 2/5 | 9 |", "| I-2 | High | 2/5 | 9 |", 27, "High"),
    ("| I-2 | 3 | 2/5 | 9 |", "| I-9 | 3 | 2/5 | 9 |", 27, "I-9"),
    ("| I-2 | Agents", "| I-1 | Agents", 21, "twice"),
    ("## 5. Mitigations", "## 5. Notes", 41, "Mitigations"),
    ("## 5. Mitigations", "## 5. Impacts", 29, "twice"),
    ("(I-1), A.7.2", "(I-1), A.99.2", 20, "A.99.2"),
    ("Accept with conditions", "Perhaps", 38, "Perhaps"),
    ("15 January 2026", "2026-02-31", 40, "2026-02-31"),
    ("| I-1 | 2 | 4 |", "| I-1 | 2 | 4 | 8 | x |", 36, "cells"),
    ("Agents lose practice", "x" * 301, 21, "301"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), BROKEN)
def test_a_broken_file_is_refused_by_line_and_changes_nothing(
    aims: Aims, officer: Actor, old: str, new: str, line: int, words: str
) -> None:
    system = a_system(officer)
    with pytest.raises(NotBringable) as refused:
        import_assessment(FOREIGN.replace(old, new).encode(), system, actor=officer)
    assert any(fault.line == line and words in fault.reason for fault in refused.value.plan.faults), (
        refused.value.plan.faults
    )
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"---\nid: [\n---\n# A", b"---\nid: 1", b"a\0b", b"word"])
def test_what_is_no_such_file_is_refused(aims: Aims, officer: Actor, content: bytes) -> None:
    assert plan_of(content, a_system(officer)).verdict == "refused"


def test_one_in_review_takes_no_file(aims: Aims, officer: Actor) -> None:
    row = a_complete_assessment(officer)
    submit_assessment(row, seen=row.version, actor=officer)
    assert "in review" in str(plan_of(FOREIGN.encode(), row.system).faults[0])


def test_the_commands(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    system = a_system(officer)
    file, out = tmp_path / "ia.md", tmp_path / "out.md"
    file.write_text(FOREIGN, encoding="utf-8")
    told = _called("import_assessment", str(file), aims=aims.slug, system=system.code, dry_run=True, json=True)
    assert (told["applied"], told["verdict"], len(told["impacts"])) == (False, "added", 2)
    assert not Assessment.objects.exists()
    email = User.objects.get(pk=officer.user_id).email
    told = _called("import_assessment", str(file), aims=aims.slug, system=system.code, email=email, json=True)
    assert told["applied"] is True
    _called("export_assessment", told["assessment"], aims=aims.slug, out=out, json=True)
    told = _called("import_assessment", str(out), aims=aims.slug, system=system.code, email=email, json=True)
    assert told["verdict"] == "unchanged"


def _called(name: str, *args: str, **options: Any) -> dict[str, Any]:
    heard = StringIO()
    call_command(name, *args, stdout=heard, **options)
    said: dict[str, Any] = json.loads(heard.getvalue())
    return said


def _body(text: str) -> str:
    return text.partition("\n## 1.")[2]


def _live(model: Any, row: Assessment) -> int:
    return int(model.objects.filter(assessment=row, withdrawn_at__isnull=True).count())
