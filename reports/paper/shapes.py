"""The report's chapters as frozen shapes; every value is a finished string."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One control in the statement."""

    anchor: str
    code: str
    title: str
    applies: str
    codes: str
    why: str
    targets: str = ""
    owner: str = ""
    how: str = ""
    document: str = ""
    performer: str = ""
    glyph: SafeString | str = ""
    state: str = ""
    effect: str = ""
    effect_glyph: SafeString | str = ""
    evidence: str = ""
    is_excluded: bool = False
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the standard with its rows."""

    anchor: str
    title: str
    note: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """One line of the contents, with those below it."""

    anchor: str
    title: str
    below: tuple["ContentsLine", ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A plain table: `widths` are percent classes of the sheet, cells are text; strong first cells by `leads`."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """The first page of substance: what the numbers say, computed and never typed."""

    lead: str
    figures: tuple[Pair, ...]
    tally: SafeString | str = ""
    legend: tuple[tuple[SafeString, str], ...] = ()
    bar: SafeString | str = ""
    evidence_note: str = ""
    cycle: SafeString | str = ""
    cycle_note: str = ""
    matrix: SafeString | str = ""
    matrix_note: str = ""
    residual: str = ""
    bands: tuple[tuple[str, str, str], ...] = ()
    changes: Table | None = None
    changes_title: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """The scope of the AIMS, the AI systems and the obligations."""

    title: str
    text: str
    boundaries: str
    sites: str
    systems: Table | None = None
    obligations: Table | None = None


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What is excluded, and what is not done yet."""

    excluded: Table
    per_system: Table
    undecided: str
    findings: Table
    unfinished: Table


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its band; an empty score was not judged."""

    text: str
    band: str
    shade: int


@dataclass(frozen=True, slots=True)
class ImpactLine:
    """One impact of an assessment."""

    number: str
    text: str
    who: str
    measures: tuple[str, ...]
    before: Score
    now: Score
    target: str = ""


@dataclass(frozen=True, slots=True)
class AssessmentPage:
    """One impact assessment."""

    anchor: str
    title: str
    subtitle: str
    matrix: SafeString | str
    decision: str
    conditions: str
    facts: tuple[Pair, ...]
    words: tuple[Pair, ...]
    harms: tuple[ImpactLine, ...]
    benefits: tuple[str, ...]
    worst: Score
    decided: str


@dataclass(frozen=True, slots=True)
class RiskLine:
    """One risk and its treatment."""

    code: str
    title: str
    source: str
    owner: str
    before: Score
    treatment: str
    controls: str
    after: Score
    accepted: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """One stored file with its SHA-256 in two lines."""

    name: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One item of evidence under a control."""

    code: str
    title: str
    about: str
    made: str
    renew: str
    files: tuple[FileLine, ...]


@dataclass(frozen=True, slots=True)
class ControlEvidence:
    """A control with what proves it."""

    anchor: str
    code: str
    title: str
    glyph: SafeString | str
    state: str
    items: tuple[EvidenceLine, ...]
    none: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the approval."""

    what: str
    who: str
    title: str
    when: str
    record: str


@dataclass(frozen=True, slots=True)
class Approval:
    """How the version came into force, and how a reader checks the document."""

    lead: str
    steps: tuple[Step, ...]
    warnings: tuple[str, ...]
    checks: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole report."""

    title: str
    organisation: str
    running: str
    classification: str
    edition: str
    is_full: bool
    is_draft: bool
    is_demo: bool
    mark: str
    created: str
    lead: str
    scope_excerpt: str
    cover: tuple[Pair, ...]
    control: tuple[Pair, ...]
    digest: str
    versions: Table
    contents: tuple[ContentsLine, ...]
    summary: Summary
    scope: Scope
    areas: tuple[Area, ...]
    marks: tuple[tuple[SafeString, str, str], ...] = ()
    open_work: OpenWork | None = None
    risks: tuple[RiskLine, ...] = ()
    assessments: tuple[AssessmentPage, ...] = ()
    annex: tuple[ControlEvidence, ...] = ()
    approval: Approval | None = None
    blockers: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
