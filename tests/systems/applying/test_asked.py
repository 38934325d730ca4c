"""What controls ask to be recorded, and how far a record answers."""

from hypothesis import given
from hypothesis import strategies as st

from systems.applying.asked import CONTROLS, Answer, Filled, answer_of, answers_of, fields_of, filled
from systems.record.schema import schema
from tests.systems.applying.make import Record, saying
from tests.systems.applying.test_rules import values


def test_every_control_of_the_list_has_fields_with_titles() -> None:
    assert len(CONTROLS) == len(set(CONTROLS)) == 15
    for control in CONTROLS:
        assert len(fields_of(control)) >= 4, control
        assert all(field.title for field in fields_of(control))
    told = {field.title for field in fields_of("A.7.5")}
    assert {"Where it comes from", "Versioning", "Recording of provenance"} <= told


def test_a_place_in_rows_counts_the_rows() -> None:
    record: Record = {
        "data": {"sources": [{"name": "a", "provenance": "Bought"}, {"name": "b", "provenance": " "}, {}]}
    }
    assert filled(record, ("data", "sources", "provenance")) == Filled(1, 3)
    assert filled(record, ("data", "rag_sources", "provenance")) == Filled(0, 0)
    assert filled(record, ("data", "rag_sources")) == Filled(0, 0)  # the other list of sources says it
    assert filled({}, ("data", "rag_sources")) == Filled(0, 1)
    assert filled({"customers": []}, ("customers",)) == Filled(1, 1)  # it says that there are none
    assert filled({}, ("computing",)) == filled({"data": {}}, ("data", "management")) == Filled(0, 1)
    assert filled(saying(("logging.enabled", False)), ("logging", "enabled")) == Filled(1, 1)


def test_a_control_is_answered_wholly_in_part_or_not_at_all() -> None:
    assert answer_of({}, "A.7.5") is Answer.NOTHING
    part: Record = {"data": {"sources": [{"name": "a", "provenance": "Bought"}]}}
    assert answer_of(part, "A.7.5") is Answer.PART
    row = {"name": "a", "provenance": "Bought", "versioning": "By date", "provenance_record": "wiki"}
    whole: Record = {"data": {"sources": [row], "provenance_process": "Each change is noted."}}
    assert answer_of(whole, "A.7.5") is Answer.ALL
    assert answers_of(whole)[CONTROLS.index("A.7.5")] == "a"
    assert len(answers_of({})) == len(CONTROLS)


@given(st.dictionaries(st.sampled_from(sorted(schema()["properties"])), values))
def test_no_record_is_too_strange_to_be_read(record: Record) -> None:
    assert len(answers_of(record)) == len(CONTROLS)
