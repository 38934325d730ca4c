"""The forms of the evidence pages."""

import json
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from aims.forms import AssayForm, SeenForm
from aims.queries import people
from controls.models import Requirement, RequirementKind
from evidence.actions import Content, too_many_files
from evidence.intake import Offered
from evidence.models import Evidence, EvidenceKind
from evidence.store import megabytes
from systems.models import AiSystem

ONE, EACH = "one", "each"


class ManyFiles(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return all files of the field."""
        return files.getlist(name) if isinstance(files, MultiValueDict) else files.get(name)


class FilesField(forms.FileField):
    """Several uploads; what they hold is looked at by the intake, not here."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the uploads as a list."""
        single = super().clean
        if len(data or []) > settings.EVIDENCE_MAX_FILES:
            raise forms.ValidationError(too_many_files())
        return [single(item, initial) for item in data or [] if item]


class RequirementsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Controls and clauses, by their ids."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            None, to_field_name="code", widget=forms.CheckboxSelectMultiple, label=_l("What it serves"), **kwargs
        )


class ContentForm(AssayForm):
    """What is given: files, or a link, a note or a result, with its dates."""

    files = FilesField(  # type: ignore[assignment]
        label=_l("Files"), required=False, allow_empty_file=True, max_length=None
    )
    link = forms.URLField(label=_l("Link"), required=False, max_length=500, assume_scheme="https")
    note = forms.CharField(label=_l("Note"), required=False, widget=forms.Textarea)
    result = forms.CharField(
        label=_l("Result"),
        required=False,
        widget=forms.Textarea,
        max_length=20_000,
        help_text=_l("One value a line, as in “accuracy: 0.92”, or a JSON object."),
    )
    covers_from = forms.DateField(label=_l("Covers from"), required=False)
    covers_to = forms.DateField(label=_l("Covers to"), required=False)
    made_on = forms.DateField(label=_l("Made on"), required=False)
    renew_by = forms.DateField(label=_l("Renew by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].help_text = _("Up to %(size)s each. Hashed on arrival, never changed after.") % {
            "size": megabytes(settings.EVIDENCE_MAX_BYTES)
        }

    @property
    def max_bytes(self) -> int:
        """The limit of one file, for the page to say so before anything is sent."""
        return int(settings.EVIDENCE_MAX_BYTES)

    def clean_result(self) -> dict[str, Any] | None:
        """Read a JSON object, or one value a line."""
        text = self.cleaned_data["result"].strip()
        if not text:
            return None
        return _json_object(text) if text.startswith("{") else _lines(text)

    def content(self, files: tuple[Offered, ...]) -> Content:
        """Return what the action takes."""
        names = ("link", "note", "result", "covers_from", "covers_to", "made_on", "renew_by")
        return Content(
            files=files,
            change_note=self.cleaned_data.get("change_note", ""),
            **{name: self.cleaned_data[name] for name in names},
        )


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise forms.ValidationError(_("This is no JSON object. Write one value a line instead.")) from error
    return dict(value)


def _lines(text: str) -> dict[str, Any]:
    pairs = [line.partition(":") for line in text.splitlines() if line.strip()]
    if any(not mark or not name.strip() for name, mark, _value in pairs):
        raise forms.ValidationError(_("Put a name, a colon and a value on each line."))
    return {name.strip(): value.strip() for name, _mark, value in pairs}


class OwnerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A person of the organisation, or nobody yet."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(None, label=_l("Owner"), required=False, empty_label=_l("Nobody yet"), **kwargs)


class SystemField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One AI system, or all of them."""

    def __init__(self, **kwargs: Any) -> None:
        words = {"label": _l("For one AI system only"), "empty_label": _l("All AI systems in scope")}
        super().__init__(None, required=False, **words, **kwargs)  # type: ignore[arg-type]


class LinkForm(AssayForm):
    """What an item serves, and why."""

    requirements = RequirementsField()
    system = SystemField()
    reason = forms.CharField(label=_l("Why it serves them"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self)

    def groups(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """Return the offered requirements by area: heading, then id, title and whether it is ticked."""
        return grouped(self, "requirements")


class UploadForm(ContentForm):
    """New evidence."""

    title = forms.CharField(
        label=_l("Title"), required=False, max_length=200, help_text=_l("Left empty, it is called as the file is.")
    )
    items = forms.ChoiceField(
        label=_l("Several files are"),
        choices=[(ONE, _l("one item together")), (EACH, _l("an item each, called as the file is"))],
        widget=forms.RadioSelect,
        initial=ONE,
        required=False,
    )
    kind = forms.ChoiceField(
        label=_l("Kind"),
        choices=[
            (EvidenceKind.DOCUMENT, _l("Document: shows the design")),
            (EvidenceKind.RECORD, _l("Record: shows the operation; its past never expires")),
        ],
        widget=forms.RadioSelect,
        initial=EvidenceKind.DOCUMENT,
    )
    owner = OwnerField()
    requirements = RequirementsField(required=False)
    system = SystemField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self)
        self.fields["owner"].queryset = people()  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """Return the offered requirements by area."""
        return grouped(self, "requirements")

    def about(self) -> dict[str, Any]:
        """Return what is said about the new items besides their content."""
        return {name: self.cleaned_data[name] for name in ("kind", "owner", "requirements", "system")}


def _offer(form: forms.BaseForm) -> None:
    form.fields["requirements"].queryset = Requirement.objects.linkable().select_related("area").in_order()  # type: ignore[attr-defined]
    form.fields["system"].queryset = AiSystem.objects.order_by("code")  # type: ignore[attr-defined]


def grouped(form: forms.BaseForm, name: str) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Group the choices of a requirements field by area: controls first, clauses last."""
    ticked = {str(value) for value in form[name].value() or []}
    rows = sorted(form.fields[name].queryset, key=lambda row: row.kind == RequirementKind.CLAUSE)  # type: ignore[attr-defined]
    return [
        (heading, [(row.code, row.title, row.code in ticked) for row in members])
        for heading, members in groupby(rows, key=_heading)
    ]


def _heading(row: Requirement) -> str:
    if row.kind == RequirementKind.CLAUSE:
        return _("Clauses 4 to 10")
    return str(row.area) if row.area else _("Own controls")


class VersionForm(ContentForm):
    """A new version of an item."""

    change_note = forms.CharField(label=_l("What changed"), required=False, max_length=300)


class EditForm(SeenForm):
    """What an item is called, what kind it is, who answers for it."""

    title = forms.CharField(label=_l("Title"), max_length=200)
    kind = forms.ChoiceField(label=_l("Kind"), choices=EvidenceKind.choices, widget=forms.RadioSelect)
    owner = OwnerField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people()  # type: ignore[attr-defined]

    @staticmethod
    def of(item: Evidence) -> dict[str, Any]:
        """Return what the form starts from."""
        return {"title": item.title, "kind": item.kind, "owner": item.owner_id, "seen": item.version}


class WithdrawForm(SeenForm):
    """A reason to withdraw."""

    reason = forms.CharField(label=_l("Reason"), required=False, widget=forms.Textarea)


class ReviewForm(SeenForm):
    """The score of a reviewer, and why it is another than the draft's."""

    score = forms.TypedChoiceField(
        label=_l("Score"),
        coerce=int,
        choices=[
            (5, _l("5, strong")),
            (4, _l("4, good")),
            (3, _l("3, adequate")),
            (2, _l("2, weak")),
            (1, _l("1, hardly of use")),
            (0, _l("0, unrelated or unreadable")),
        ],
    )
    reason = forms.CharField(
        label=_l("Reason"),
        required=False,
        widget=forms.Textarea,
        help_text=_l("Needed when the score is another than the draft's."),
    )
