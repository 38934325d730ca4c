"""A section's form gives back what it was shown, whatever the record says, and says what is typed."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from systems.record.schema import misfits, schema
from systems.sections.forms import SectionForm, clashes_of
from systems.sections.layout import section_called, sections
from systems.sections.patch import patched
from systems.sections.rows import Asked, rearranged
from tests.systems.sections.anything import records, sent

SECTIONS = st.sampled_from(sections())
SHAPED = SECTIONS.flatmap(lambda section: st.tuples(st.just(section), records(section.fields)))
ODD = SECTIONS.flatmap(lambda section: st.tuples(st.just(section), records(section.fields, is_odd=True)))
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def test_every_field_of_the_schema_stands_in_one_section() -> None:
    placed = [name for section in sections() for name in section.fields]
    assert sorted(placed) == sorted(schema()["properties"])


@QUICK
@given(SHAPED)
def test_a_record_typed_anew_is_the_record(shaped: tuple[Any, dict[str, Any]]) -> None:
    section, record = shaped
    mine = {name: value for name, value in record.items() if name in section.fields}
    form = SectionForm(section, {}, sent(SectionForm(section, record)))
    assert form.is_valid(), [each.errors for each in form.all_forms()]
    assert patched({}, form.patch()) == mine


@QUICK
@given(ODD)
def test_a_form_sent_back_untouched_changes_nothing(shaped: tuple[Any, dict[str, Any]]) -> None:
    section, record = shaped
    if any(fault.path for fault in misfits(record)):
        record = {}
    record = {"id": "key-1", "name": "Ranker", "classification": {"purpose": "Ranks"}} | record
    form = SectionForm(section, record, sent(SectionForm(section, record)))
    assert form.is_valid(), [each.errors for each in form.all_forms()]
    assert form.patch() == {}
