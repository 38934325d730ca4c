"""A section's form gives back what it was shown, whatever the record says, and says what is typed."""

from typing import Any

from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from systems.record.schema import misfits, schema
from systems.sections.forms import SectionForm, clashes_of
from systems.sections.layout import Section, section_called, sections
from systems.sections.patch import patched, touches
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


def a_section(slug: str) -> Section:
    section = section_called(slug)
    assert section is not None
    return section


def typed(slug: str, record: dict[str, Any], **said: str) -> SectionForm:
    """The form of a section with some fields typed over; names are written with __ for the dash."""
    data = sent(SectionForm(a_section(slug), record))
    for name, value in said.items():
        data[f"f-{name.replace('__', '-')}"] = value
    return SectionForm(a_section(slug), record, data)


def test_what_is_cleared_is_taken_out_and_a_word_of_ones_own_is_kept() -> None:
    record = {"deployment": {"environment": "staging", "plan": "Runbook 4", "x": 1}, "model": {"type": "llm"}}
    cleared = typed("deployment", record, deployment__plan="")
    assert cleared.is_valid()
    assert patched(record, cleared.patch())["deployment"] == {"environment": "staging", "x": 1}
    own = typed("model", record, model__type="~other", model__type__other="diffusion")
    assert own.is_valid()
    assert own.patch() == {("model", "type"): "diffusion"}


def test_nothing_chosen_is_not_the_same_as_none() -> None:
    section, record = a_section("classification"), {"classification": {"purpose": "Ranks"}}
    data = sent(SectionForm(section, record))
    data.setlist("f-classification-eu_ai_act-prohibited_practices", ["~none"])
    none = SectionForm(section, record, data)
    assert none.is_valid()
    assert none.patch() == {("classification", "eu_ai_act", "prohibited_practices"): []}
    data.setlist("f-classification-eu_ai_act-prohibited_practices", ["~none", "a"])
    assert not SectionForm(section, record, data).is_valid()


def test_a_fault_of_the_schema_stands_at_its_field() -> None:
    record = {"prompts": [{"name": "system"}, {"name": "tone"}]}
    form = typed("model", record, prompts__1__sha256="abc", prompts__0__name="", prompts__0__was="")
    assert not form.is_valid()
    (table,) = [table for table in form.tables if table.name == "prompts"]
    assert [list(row.fields.errors) for row in table.rows] == [[], ["sha256"]]
    purpose = {"classification": {"purpose": "Ranks"}}
    assert not typed("classification", purpose, classification__eu_ai_act__annex_iii_point="9").is_valid()


def test_rows_keep_what_no_form_shows_wherever_they_go() -> None:
    rows = [{"name": "one", "x_ours": 1}, {"name": "two", "x_ours": {"deep": [2]}}, {"name": "three"}]
    section, record = a_section("tools"), {"tools": rows}
    data = sent(SectionForm(section, record))
    for asked in (Asked("up", "tools", 1), Asked("remove", "tools", 2), Asked("add", "tools", 0)):
        data, place = rearranged(data, asked)
    assert place == 2
    data["f-tools-2-name"] = "new"
    form = SectionForm(section, record, data)
    assert form.is_valid()
    assert form.patch() == {("tools",): [rows[1], rows[0], {"name": "new"}]}


def test_moves_out_of_the_table_do_nothing() -> None:
    section, record = a_section("tools"), {"tools": [{"name": "one"}, {"name": "two"}]}
    data = sent(SectionForm(section, record))
    for asked in (
        Asked("up", "tools", 0),
        Asked("down", "tools", 1),
        Asked("remove", "tools", 9),
        Asked("up", "no", 3),
    ):
        moved, _place = rearranged(data, asked)
        form = SectionForm(section, record, moved)
        assert form.is_valid()
        assert form.patch() == {}


def test_only_what_both_changed_apart_is_a_clash() -> None:
    section = a_section("deployment")
    base = {"deployment": {"plan": "1", "endpoint": "a", "rollback": "r"}}
    theirs = {"deployment": {"plan": "2", "endpoint": "b", "rollback": "r"}}
    mine = {("deployment", "plan"): "3", ("deployment", "endpoint"): "b", ("deployment", "rollback"): "s"}
    assert list(clashes_of(section, base, theirs, mine)) == [("Deployment plan", "2", "3")]
    assert touches(base, theirs, ("deployment",))
    assert not touches(base, theirs, ("data", "model"))


def test_rows_met_again_after_a_clash_keep_their_own() -> None:
    mine = {"tools": [{"name": "two", "purpose": "typed"}, {"name": "one"}]}
    now = {"tools": [{"name": "one", "x": 1}, {"name": "two", "x": 2}]}
    section = a_section("tools")
    again = SectionForm(section, now, sent(SectionForm(section, now, shown=mine)))
    assert again.is_valid()
    assert again.patch() == {("tools",): [{"name": "two", "x": 2, "purpose": "typed"}, {"name": "one", "x": 1}]}


def test_rows_beyond_any_form_are_kept_as_they_are() -> None:
    section = a_section("tools")
    form = SectionForm(section, {"tools": [{"name": str(number)} for number in range(41)]}, QueryDict("f-tools-rows=0"))
    assert form.is_valid()
    assert form.patch() == {}
    assert [label for label, _text in form.kept] == ["Tools"]
