"""How a row of the draft becomes finished HTML, for one reader."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.actor import Actor
from evidence.state import EvidenceState
from soa import cells
from soa.cells import NOTHING, Names, Proof
from soa.checks import Flag
from soa.labels import Labels, labels
from soa.models import Applicability, Effectiveness, Implementation
from soa.pages import EFFECT, EVIDENCE, STATUS, RowView, slug_of
from soa.permissions import may_amend, may_steer
from soa.queries.proposals import most_of
from soa.queries.rows import Row, Sheet

SWAP = SafeString(' hx-swap-oob="true"')


class RowPrinter:
    """Prints rows for one reader and one draft; `token` is the request's CSRF token."""

    def __init__(self, sheet: Sheet, flags: Iterable[Flag], actor: Actor, token: str) -> None:
        self.sheet = sheet
        self.actor = actor
        self.token = token
        self.blocked = {flag.code: flag for flag in reversed(list(flags)) if flag.blocks}
        self.steers = may_steer(actor)
        self.base = reverse("soa:workbench", args=[sheet.aims.slug])
        self.and_then = f"&as_of={sheet.today}" if sheet.at else ""
        self.words = labels()

    def view(self, row: Row, *, swap: bool = False) -> RowView:
        """Print one row; with `swap` it takes the place of the one on the page."""
        code, slug = row.code, slug_of(row.code)
        names = Names.of(code, slug, self.base, self.and_then)
        html = format_html(
            cells.ROW,
            slug=names.slug,
            code=names.code,
            marks=self._marks(row),
            swap=SWAP if swap else NOTHING,
            **self._decided(row, names),
            **self._state(row, names),
        )
        area = row.requirement.area.code if row.requirement.area else "ORG"
        return RowView(code, slug, area, f"{self.base}{code}/", html)

    def _marks(self, row: Row) -> SafeString:
        entry, marks = row.entry, ""
        if entry.applicability == Applicability.EXCLUDED:
            marks += ' data-applies="no"'
        if row.code in self.blocked and entry.applicability != Applicability.UNDECIDED:
            marks += ' data-state="error"'
        if row.evidence_state == EvidenceState.OVERDUE and not is_out(row):
            marks += ' data-flag="stale"'
        if row.code in self.sheet.changed:
            marks += " data-changed"
        return SafeString(marks)

    def _decided(self, row: Row, names: Names) -> dict[str, SafeString]:
        entry, words = row.entry, self.words
        amends = may_amend(self.actor, entry)
        return {
            "select": cells.select(words, names) if self.steers else NOTHING,
            "control": cells.control(names, row.requirement.title),
            "applies": cells.applies(
                words, names, entry.applicability, seen=entry.version, token=self.token, may_decide=self.steers
            ),
            "chips": cells.chips(reason["code"] for reason in entry.reasons),
            "why": cells.why(words, names, entry.why, self._missing(row), hint=_proposed(row, words), may_amend=amends),
            "status": cells.status(words, names, *_status(row, words), may_amend=amends),
        }

    def _state(self, row: Row, names: Names) -> dict[str, SafeString]:
        entry, out = row.entry, is_out(row)
        effect = Effectiveness(entry.effectiveness)
        owner, is_changed = entry.owner, row.code in self.sheet.changed
        return {
            "effect": NOTHING if out else cells.effect(self.words.effects[effect], *EFFECT[effect]),
            "owner": cells.owner(owner.display_name, owner.initials) if owner else NOTHING,
            "evidence": cells.evidence(self.words, names, self._proof(row, is_needed=not out)),
            "decision": cells.decision(self._version(row), is_changed=is_changed),
        }

    def _missing(self, row: Row) -> str:
        blocked = self.blocked.get(row.code)
        return str(blocked.message) if blocked and blocked.field in ("why", "per_system") else ""

    def _proof(self, row: Row, *, is_needed: bool) -> Proof:
        state = row.evidence_state
        mark, tone = EVIDENCE[state] if is_needed else ("", "none")
        note = _fresh_note(row, self.sheet, self.words) if is_needed else ""
        return Proof(row.evidence.count, note, mark, tone, "current" if state == EvidenceState.CURRENT else "other")

    def _version(self, row: Row) -> str:
        if row.code in self.sheet.changed:
            return self.words.draft % {"number": self.sheet.number}
        since = self.sheet.base.get(row.code, {}).get("since")
        return f"v{since}" if since else ""


def _proposed(row: Row, words: Labels) -> str:
    """Who proposes a row that nobody decided: the fact or role that the most systems share."""
    if row.entry.applicability != Applicability.UNDECIDED or not row.proposals:
        return ""
    return words.proposed % {"systems": most_of(row.proposals).systems}


def is_out(row: Row) -> bool:
    """Whether the row is excluded, by itself or for every system."""
    return row.rolled.applicability == Applicability.EXCLUDED


def _status(row: Row, words: Labels) -> tuple[str, str, str]:
    if is_out(row):
        return words.status_not_needed, "", "none"
    degree = Implementation(row.rolled.implementation)
    mark, tone = STATUS[degree]
    return words.statuses[degree], mark, "none" if row.findings else tone


def _fresh_note(row: Row, sheet: Sheet, words: Labels) -> str:
    renewal = row.evidence.next_renewal
    match row.evidence_state:
        case EvidenceState.DUE if renewal:
            return words.due % {"days": (renewal - sheet.today).days}
        case EvidenceState.OVERDUE if renewal:
            return words.overdue % {"days": (sheet.today - renewal).days}
        case EvidenceState.NONE:
            return words.none
        case EvidenceState.UNEXPECTED:
            return words.not_expected
        case _:
            return words.current
