"""Fields print with the design's classes, and errors stand where screen readers find them."""

from django import forms
from django.template.loader import render_to_string

from accounts.forms import AssayForm, ChipChoices, SeenForm


class Sample(SeenForm):
    title = forms.CharField(help_text="What an auditor will read")
    due_on = forms.DateField(required=False)
    why = forms.CharField(widget=forms.Textarea)
    kind = forms.ChoiceField(choices=[("a", "First"), ("b", "Second")])
    mode = forms.ChoiceField(choices=[("x", "This"), ("y", "That")], widget=forms.RadioSelect)
    tags = forms.MultipleChoiceField(choices=[("t", "Tag")], widget=ChipChoices, required=False)
    agree = forms.BooleanField(required=False)


def field(form: AssayForm, name: str) -> str:
    return " ".join(render_to_string("components/field.html", {"field": form[name]}).split())


def test_each_kind_of_field_has_its_class() -> None:
    form = Sample()
    assert 'class="input"' in field(form, "title")
    assert 'class="textarea"' in field(form, "why")
    assert 'class="select"' in field(form, "kind")
    assert 'type="date"' in field(form, "due_on")
    assert "chip-choice" in field(form, "tags")
    assert field(form, "seen").startswith('<input type="hidden"')
    assert "<legend" in field(form, "mode")
    assert 'class="choice"' in field(form, "agree")


def test_a_date_is_printed_as_pickers_read_it() -> None:
    assert 'value="2026-06-18"' in field(Sample({"due_on": "2026-06-18"}), "due_on")


def test_errors_are_described_and_linked() -> None:
    form = Sample({"seen": "1", "mode": "q"})
    form.add_error(None, "Nothing fits")
    title = field(form, "title")
    assert 'aria-invalid="true"' in title
    assert 'aria-describedby="id_title_helptext id_title_error"' in title
    assert 'id="id_title_error"' in title
    assert 'aria-describedby="id_mode_error"' in field(form, "mode")
    summary = render_to_string("components/form_errors.html", {"form": form})
    assert '<a href="#id_title">' in summary
    assert '<a href="#id_mode">' in summary
    assert "Nothing fits" in summary


def test_a_form_without_seen_is_refused() -> None:
    assert "seen" in Sample({}).errors


def test_a_missing_answer_is_asked_for_by_name() -> None:
    form = Sample({"seen": "1"})
    assert form.errors["title"] == ["Fill in: Title"]
    assert form.errors["kind"] == ["Choose: Kind"]
