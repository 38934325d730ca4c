"""The cells of the table as finished HTML, so that a row costs no template.

Every cell is a pattern filled by `format_html`, which escapes whatever is not itself the product of a pattern; the
parts that many rows share are made once per language.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from soa.labels import Labels, labels
from soa.models import Applicability

NOTHING = SafeString("")
SHOWN = 200
SPOKEN = 160

ROW = (
    '<tr class="control-row" id="{slug}"{marks} data-code="{code}"{swap}>'
    '<td class="cell-select">{select}</td>\n'
    '<th class="cell-control" scope="row">{control}</th>\n'
    '<td class="cell-applies">{applies}</td>\n'
    '<td class="cell-why"><span class="why">{chips} {why}</span></td>\n'
    '<td class="cell-status">{status}</td>\n'
    '<td class="cell-effect">{effect}</td>\n'
    '<td class="cell-owner">{owner}</td>\n'
    '<td class="cell-evidence">{evidence}</td>\n'
    '<td class="cell-decision">{decision}</td></tr>'
)
SELECT = '<input type="checkbox" name="control" value="{}" form="bulk" aria-label="{}">'
CONTROL = (
    '<a href="{panel}#inspector" hx-get="{panel}" hx-target="#inspector" hx-swap="outerHTML" hx-push-url="{panel}"'
    ' title="{title}"><span class="control-id">{code}</span> <span class="control-name">{title}</span></a>'
)
LOCKED = (
    '<form class="applies-form">'
    '<span class="applies-picker" role="radiogroup" aria-label="{label}">{radios}</span></form>'
)
APPLIES = (
    '<form class="applies-form" action="{address}decide/" method="post" hx-post="{address}decide/"'
    ' hx-trigger="change" hx-swap="none">'
    '<input type="hidden" name="csrfmiddlewaretoken" value="{token}"><input type="hidden" name="seen" value="{seen}">'
    '<span class="applies-picker" role="radiogroup" aria-label="{label}">{radios}</span>{submit}</form>'
)
RADIO = (
    '<label title="{label}"><input type="radio" name="applicability" value="{value}"{state}>'
    '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="{path}"/></svg><span>{label}</span></label>'
)
SUBMIT = '<noscript><button class="button" data-size="small" type="submit">{}</button></noscript>'
CHIP = '<span class="chip"><abbr title="{label}">{code}</abbr><span class="chip-full">{label}</span></span>'
WHY = (
    '<a class="inline-edit" href="{address}" hx-get="{address}" hx-target="#detail-{slug}" hx-swap="outerHTML"'
    ' data-edit aria-label="{label}">{text}</a>'
)
STATUS = (
    '<a class="cell-button" href="{address}#how" hx-get="{address}" hx-target="#detail-{slug}" hx-swap="outerHTML"'
    ' data-edit="implementation" aria-label="{label}">{status}</a>'
)
TONED = '<span class="status" data-tone="{}">{} {}</span>'
EFFECT = '<span class="status" data-tone="{}">{} <span class="effect-word">{}</span></span>'
OWNER = '<span class="avatar" role="img" aria-label="{name}" title="{name}">{initials}</span>'
EVIDENCE = (
    '<a class="evidence-link" href="{panel}#insp-evidence" data-fresh="{fresh}">{mark}'
    '<span><span class="visually-hidden">{label}</span> {count}</span> <span class="fresh-note">{note}</span></a>'
)
NO_EVIDENCE = '<span class="quiet"><span aria-hidden="true">–</span><span class="visually-hidden">{}</span></span>'  # noqa: RUF001
PATHS = {
    Applicability.UNDECIDED: "M6.2 6a1.9 1.9 0 1 1 2.7 1.800c-.7.4-.9.8-.9 1.500M8 11.600v.1",
    Applicability.INCLUDED: "m4.200 8.400 2.500 2.500 5.100-5.600",
    Applicability.EXCLUDED: "m4.800 4.800 6.400 6.400m0-6.400-6.400 6.400",
}


def safe(text: str) -> SafeString:
    """Escape a plain text once, as Django's own `escape` does, without its detour for lazy texts."""
    return SafeString(escape(text))


@dataclass(frozen=True, slots=True)
class Names:
    """What a row is called in its markup, escaped once: the control's id, the element's, its page and its panel.

    `spoken` is the control's id as it goes into words, which are escaped with it.
    """

    spoken: str
    code: SafeString
    slug: SafeString
    address: SafeString
    panel: SafeString

    @classmethod
    def of(cls, code: str, slug: str, base: str, and_then: str = "") -> "Names":
        """Derive them from the workbench's address; `and_then` carries a past date along."""
        code_, base_ = safe(code), safe(base)
        return cls(
            code,
            code_,
            safe(slug),
            format_html("{}{}/", base_, code_),
            format_html("{}?control={}{}", base_, code_, and_then),
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """What the evidence cell says: how many items, how fresh, with its glyph and tone."""

    count: int
    note: str
    glyph: str
    tone: str
    fresh: str


@cache
def glyph(name: str, tone: str = "") -> SafeString:
    """Draw a status glyph, hidden from screen readers: words stand beside it."""
    tone_ = format_html(' data-tone="{}"', tone) if tone else NOTHING
    sprite = static("icons.svg")
    return format_html('<svg class="glyph"{} aria-hidden="true"><use href="{}#g-{}"></use></svg>', tone_, sprite, name)


@cache
def _radios(_language: str | None, applicability: str, *, may_decide: bool) -> SafeString:
    locked = "" if may_decide else " disabled"
    options = (
        {
            "label": label,
            "value": value,
            "state": (" checked" if value == applicability else "") + locked,
            "path": PATHS[Applicability(value)],
        }
        for value, label in labels().choices.items()
    )
    return format_html_join("\n", RADIO, options)


@cache
def _submit(_language: str | None) -> SafeString:
    return format_html(SUBMIT, labels().set)


@cache
def _chip(_language: str | None, code: str) -> SafeString:
    return format_html(CHIP, code=code, label=labels().reasons[code])


@cache
def _toned(text: str, mark: str, tone: str) -> SafeString:
    return format_html(TONED, tone, glyph(mark), text)


def select(words: Labels, names: Names) -> SafeString:
    """The box that selects the row for a change of many."""
    return format_html(SELECT, names.code, safe(words.select % {"code": names.spoken}))


def control(names: Names, title: str) -> SafeString:
    """The control's id and title, which open the panel."""
    return format_html(CONTROL, panel=names.panel, code=names.code, title=safe(title))


def applies(words: Labels, names: Names, applicability: str, *, seen: int, token: str, may_decide: bool) -> SafeString:
    """The three-way choice; a reader sees it locked, in a form that only groups it and goes nowhere."""
    language = get_language()
    if not may_decide:
        radios = _radios(language, applicability, may_decide=False)
        return format_html(LOCKED, label=safe(words.group % {"code": names.spoken}), radios=radios)
    return format_html(
        APPLIES,
        address=names.address,
        token=safe(token),
        seen=safe(str(seen)),
        label=safe(words.group % {"code": names.spoken}),
        radios=_radios(language, applicability, may_decide=True),
        submit=_submit(language),
    )


def chips(codes: Iterable[str]) -> SafeString:
    """The reasons, each once, in letters and in words."""
    language = get_language()
    found = [(_chip(language, code),) for code in dict.fromkeys(codes)]
    return format_html('<span class="chip-list">{}</span>', format_html_join("", "{}", found)) if found else NOTHING


def why(words: Labels, names: Names, text: str, missing: str, *, hint: str = "", may_amend: bool) -> SafeString:
    """The reason, which opens the editor; `missing` says what is wrong with it, `hint` stands where there is none."""
    if not may_amend:
        return format_html('<span class="inline-edit">{}</span>', shorten(text, SHOWN) if text else _quiet(hint))
    label = words.edit_why % {"code": names.spoken}
    if missing:
        shown = format_html(
            '<span class="field-error">{} {}</span>', glyph("bad"), missing if text else words.why_missing
        )
    else:
        shown = safe(shorten(text, SHOWN)) if text else _quiet(hint or words.add_why)
    spoken = f"{label}: {shorten(text, SPOKEN)}" if text else label
    return format_html(WHY, address=names.address, slug=names.slug, label=safe(spoken), text=shown)


def status(words: Labels, names: Names, text: str, mark: str, tone: str, *, may_amend: bool) -> SafeString:
    """How far it is implemented, which opens the editor; without a glyph it is not needed."""
    if not mark:
        return _quiet(text)
    shown = _toned(text, mark, tone)
    if not may_amend:
        return shown
    label = safe(words.change_status % {"code": names.spoken, "status": text})
    return format_html(STATUS, address=names.address, slug=names.slug, label=label, status=shown)


@cache
def effect(text: str, mark: str, tone: str) -> SafeString:
    """What tests and findings say of it."""
    return format_html(EFFECT, tone, glyph(mark), text)


def owner(name: str, initials: str) -> SafeString:
    """The avatar of the person who answers for it."""
    return format_html(OWNER, name=safe(name), initials=initials)


def evidence(words: Labels, names: Names, proof: Proof) -> SafeString:
    """How many items prove it and how fresh they are; without a glyph none are needed."""
    if not proof.glyph:
        return format_html(NO_EVIDENCE, words.evidence_not_needed)
    return format_html(
        EVIDENCE,
        panel=names.panel,
        fresh=proof.fresh,
        mark=glyph(proof.glyph, proof.tone),
        label=safe(words.evidence % {"code": names.spoken}),
        count=safe(str(proof.count)),
        note=safe(proof.note),
    )


def decision(text: str, *, is_changed: bool) -> SafeString:
    """The version that decided it last, or the draft that changes it."""
    if is_changed:
        return format_html('<span class="changed">{} {}</span>', glyph("star"), text)
    return format_html("<span>{}</span>", text)


def _quiet(text: str) -> SafeString:
    return format_html('<span class="quiet">{}</span>', text)


def shorten(text: str, limit: int) -> str:
    """Cut a text to so many characters, an ellipsis included."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
