"""The form of one section: its single places, and a table of rows for each of its lists."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from aims.forms import AssayForm, SeenForm
from systems.record.places import at
from systems.record.reading import Path
from systems.record.schema import misfits
from systems.sections.fields import WordField, WordsField, field_of, normal, said_value, shown_value
from systems.sections.kinds import Kind, fits, is_nothing, kind_of
from systems.sections.layout import Place, Section, groups_of, places_of_row, section_called
from systems.sections.patch import Patch, patched
from systems.sections.shown import NAMES
from systems.sections.words import plainly

PREFIX = "f"
MOST_ROWS = 40
LONG_LINE = 90
NEEDED: tuple[Path, ...] = (("id",), ("name",), ("classification", "purpose"))
Said = Mapping[str, Any]


class ReasonForm(SeenForm):
    """Why a record changes, with the version that the writer saw."""

    reason = forms.CharField(
        label=_("Why"), required=False, max_length=4_000, help_text=_("Kept in the history. May stay empty.")
    )


class PlacesForm(AssayForm):
    """Fields for places; `said` holds what stands there by the name of the field. What no field fits stays `kept`."""

    places: Mapping[str, Place] = {}

    def __init__(self, said: Said, data: Any = None, *, prefix: str, shown: Said | None = None) -> None:
        self.said = said
        super().__init__(data, prefix=prefix)
        self.kinds: dict[str, Kind] = {}
        self.kept: list[tuple[str, str]] = []
        for name, place in self.places.items():
            self._begin(name, place, said.get(name), said.get(name) if shown is None else shown.get(name))

    def _begin(self, name: str, place: Place, value: Any, shown: Any) -> None:
        kind = kind_of(place.rule)
        if not fits(kind, value) or not fits(kind, shown):
            del self.fields[name]
            self.kept.append((place.label, plainly(value)))
            return
        self.kinds[name] = kind
        field = self.fields[name]
        self.initial[name] = shown_value(kind, shown)
        if kind in (Kind.TEXT, Kind.DATE):
            self._fit_to(name, place, shown or "")
        if isinstance(field, WordField):
            field.with_word(self.typed(name) or shown or "", _("Not said"))
        if isinstance(field, WordsField):
            field.with_words([*(shown or []), *(self.typed(name) or [])])

    def typed(self, name: str) -> Any:
        """Return what was sent for a field of words, before it is judged."""
        widget: Any = self.fields[name].widget
        return widget.value_from_datadict(self.data, {}, self.add_prefix(name)) if self.is_bound else None

    def be_quiet(self) -> None:
        """Show what was typed without judging it, for a form that is not sent yet."""
        self._errors = ErrorDict()

    def _fit_to(self, name: str, place: Place, text: str) -> None:
        """Take an area for a text that no input would give back whole, and an input for a date that is none."""
        if self.kinds[name] == Kind.DATE and text and not _is_day(text):
            self.kinds[name] = Kind.TEXT
            self.fields[name] = field_of(place, Kind.TEXT)
            self.fields[name].widget.attrs["class"] = "input"
        if self.kinds[name] == Kind.TEXT and (len(text) > LONG_LINE or len(text.splitlines()) > 1):
            attrs = self.fields[name].widget.attrs | {"rows": 3, "class": "textarea"}
            self.fields[name].widget = forms.Textarea(attrs)

    def changes(self) -> dict[str, Any]:
        """Return, by field, what the writer changed; None where nothing is said any more."""
        found = {}
        for name, kind in self.kinds.items():
            before = self.said.get(name)
            value = said_value(kind, self.cleaned_data[name], before)
            if normal(kind, value) != normal(kind, before):
                found[name] = value
        return found


def _is_day(text: str) -> bool:
    try:
        forms.DateField(input_formats=["%Y-%m-%d"]).clean(text)
    except forms.ValidationError:
        return False
    return True


def _form_of(places: Iterable[Place], names: Mapping[Path, str], needed: Sequence[Path] = ()) -> type[PlacesForm]:
    asked = {names[place.path]: place for place in places if kind_of(place.rule) not in (Kind.ROWS, Kind.KEPT)}
    fields: dict[str, Any] = {name: field_of(place, kind_of(place.rule)) for name, place in asked.items()}
    for path in needed:
        if path in names:
            fields[names[path]].required = True
    return type("PlacesForm", (PlacesForm,), fields | {"places": asked, "__module__": __name__})


@cache
def _single_places(slug: str) -> type[PlacesForm]:
    section = section_called(slug)
    places = [place for group in groups_of(section) for place in group.places] if section else []
    return _form_of(places, {place.path: "-".join(map(str, place.path)) for place in places}, NEEDED)


@cache
def _row_form(slug: str, path: Path) -> type[PlacesForm]:
    places = places_of_row(_place(slug, path).rule)
    return _form_of(places, {place.path: str(place.path[0]) for place in places})


def _place(slug: str, path: Path) -> Place:
    section = section_called(slug)
    places = (place for group in groups_of(section) for place in group.places) if section else ()
    return next(place for place in places if place.path == path)


@dataclass(frozen=True, slots=True)
class RowForm:
    """One row of a table: its fields, and which row of the record it was (nothing for a new one)."""

    number: int
    was: int | None
    fields: PlacesForm
    title: str


class Table:
    """The rows of one list. Each carries the place it had, so that fields which no form shows stay with their row."""

    def __init__(self, slug: str, place: Place, said: list[Any], data: Any, shown: list[Any] | None) -> None:
        self.place, self.said = place, said
        self.name = "-".join(map(str, place.path))
        self.prefix = f"{PREFIX}-{self.name}"
        kind = _row_form(slug, place.path)
        if data is None:
            rows = said if shown is None else shown
            origins = list(range(len(said))) if shown is None else _origins(said, rows)
            found = [
                (was, kind(self._row(was), prefix=f"{self.prefix}-{number}", shown=row))
                for number, (was, row) in enumerate(zip(origins, rows, strict=True))
            ]
        else:
            found = [
                (was, kind(self._row(was), data, prefix=f"{self.prefix}-{number}"))
                for number, was in enumerate(_sent_rows(data, self.prefix, len(said)))
            ]
        self.rows = [RowForm(number, was, form, _title(form)) for number, (was, form) in enumerate(found)]

    @property
    def label(self) -> str:
        """What the schema calls the list."""
        return self.place.label

    def _row(self, was: int | None) -> dict[str, Any]:
        return self.said[was] if was is not None else {}

    def is_valid(self) -> bool:
        """Whether every row is."""
        return not [row for row in self.rows if not row.fields.is_valid()]

    def after(self) -> list[tuple[int, dict[str, Any]]]:
        """Return the rows as they will stand, each with its number in the form; rows left empty fall out."""
        found = []
        for row in self.rows:
            changes = row.fields.changes()
            now = patched(deepcopy(self._row(row.was)), {(name,): value for name, value in changes.items()})
            if now or (row.was is not None and not changes):
                found.append((row.number, now))
        return found


def _title(form: PlacesForm) -> str:
    named = (str(form[name].value() or "") for name in NAMES if name in form.fields)
    return next((text for text in named if text), "")


def _origins(said: list[Any], rows: list[Any]) -> list[int | None]:
    """Return which row of the record each row is: the same one, else the one of its name, else none."""
    left = dict(enumerate(said))
    found: list[int | None] = []
    for row in rows:
        called = next((row[name] for name in NAMES if isinstance(row.get(name), str) and row[name]), None)
        same = (number for number, old in left.items() if old == row)
        alike = (number for number, old in left.items() if called is not None and called in map(old.get, NAMES))
        was = next(same, next(alike, None))
        left.pop(was, None) if was is not None else None
        found.append(was)
    return found


def _sent_rows(data: Any, prefix: str, known: int) -> Iterator[int | None]:
    count = str(data.get(f"{prefix}-rows", ""))
    for number in range(min(int(count), MOST_ROWS) if count.isascii() and count.isdigit() and len(count) < 4 else 0):
        was = str(data.get(f"{prefix}-{number}-was", ""))
        is_known = was.isascii() and was.isdigit() and len(was) < 4 and int(was) < known
        yield int(was) if is_known else None


class SectionForm:
    """The whole form of a section over a record; `shown` is what it begins with where that is not what stands."""

    def __init__(
        self,
        section: Section,
        record: dict[str, Any],
        data: Any = None,
        *,
        shown: dict[str, Any] | None = None,
        owners: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.section, self.record = section, record
        places = [place for group in groups_of(section) for place in group.places]
        names = {place.path: "-".join(map(str, place.path)) for place in places}
        said = {names[path]: at(record, *path) for path in names}
        begins = None if shown is None else {names[path]: at(shown, *path) for path in names}
        self.fields = _single_places(section.slug)(said, data, prefix=PREFIX, shown=begins)
        self.kept = list(self.fields.kept)
        self.tables: list[Table] = []
        for place in places:
            if kind_of(place.rule) == Kind.ROWS:
                self._add_table(place, said[names[place.path]], data, shown)
        if owners:
            _offer_owners(self.fields, owners)

    def _add_table(self, place: Place, said: Any, data: Any, shown: dict[str, Any] | None) -> None:
        rows = None if shown is None else at(shown, *place.path) or []
        if any(not fits(Kind.ROWS, each) or len(each or ()) > MOST_ROWS for each in (said, rows)):
            self.kept.append((place.label, plainly(said)))
        else:
            self.tables.append(Table(self.section.slug, place, said or [], data, rows))

    def is_valid(self) -> bool:
        """Whether every field holds, and the record would fit the schema; faults stand at their fields."""
        valid = all([self.fields.is_valid(), *[table.is_valid() for table in self.tables]])
        if not valid:
            return False
        after = patched(self.record, self.patch())
        for fault in misfits(after):
            if fault.path[:1] and fault.path[0] in self.section.fields and not is_nothing(at(after, *fault.path)):
                self.add_fault(fault.path, fault.words)
        return not any(form.errors for form in self.all_forms())

    def patch(self) -> Patch:
        """Return what the writer changed, by place; lists of rows as a whole."""
        places = self.fields.places
        found: dict[Path, Any] = {places[name].path: value for name, value in self.fields.changes().items()}
        for table in self.tables:
            rows = [row for _number, row in table.after()]
            if rows != table.said:
                found[table.place.path] = rows or None
        return found

    def add_fault(self, path: Path, words: str) -> None:
        """Put a fault at the field of its place, else at the top of the form."""
        for table in self.tables:
            size = len(table.place.path)
            if path[:size] == table.place.path and len(path) > size:
                number = table.after()[int(path[size])][0]
                self._tell(table.rows[number].fields, str(path[size + 1]) if len(path) > size + 1 else "", words)
                return
        names = [name for name, place in self.fields.places.items() if place.path == path[: len(place.path)]]
        self._tell(self.fields, names[0] if names else "", words)

    @staticmethod
    def _tell(form: PlacesForm, name: str, words: str) -> None:
        form.add_error(name if name in form.fields else None, words)

    def all_forms(self) -> Iterator[PlacesForm]:
        """Go through the form of the single places and those of all rows."""
        yield self.fields
        for table in self.tables:
            yield from (row.fields for row in table.rows)

    def go_on_at(self, name: str, number: int) -> None:
        """Have the first field of a row take the focus."""
        table = next((table for table in self.tables if table.name == name), None)
        if table and 0 <= number < len(table.rows):
            fields = table.rows[number].fields.fields
            next(iter(fields.values())).widget.attrs["autofocus"] = True

    def groups(self) -> list[tuple[str, list[Any]]]:
        """Return the single fields under the headings of the objects that hold them."""
        found = []
        for group in groups_of(self.section):
            names = ["-".join(map(str, place.path)) for place in group.places]
            fields = [self.fields[name] for name in names if name in self.fields.fields]
            if fields:
                found.append((str(group.rule.get("title", "")) if group.path else "", fields))
        return found


def _offer_owners(form: PlacesForm, owners: Sequence[tuple[str, str]]) -> None:
    """Let the owner be chosen among the people of the organisation; a team is written as another word."""
    if "owner" not in form.fields:
        return
    old = form.fields["owner"]
    field = WordField(label=old.label, help_text=old.help_text, required=False, choices=owners)
    field.widget.attrs["class"] = "select"
    form.fields["owner"] = field
    field.with_word(form.typed("owner") or form.initial.get("owner", ""), _("Nobody yet"))


def clashes_of(section: Section, base: Said, theirs: Said, mine: Patch) -> Sequence[tuple[str, str, str]]:
    """Return label, their text and mine for each place that both changed since `base`, and not to the same."""
    found = []
    for group in groups_of(section):
        for place in group.places:
            there = at(theirs, *place.path)
            if place.path in mine and there != at(base, *place.path) and there != mine[place.path]:
                found.append((place.label, plainly(there), plainly(mine[place.path])))
    return found
