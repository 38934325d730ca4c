"""The words that files use for the same things: sections, columns, levels, states and decisions."""

import re
from datetime import date, datetime

_NUMBERING = re.compile(r"^(?:section|part|step)?\s*[0-9ivx]{0,4}[0-9.]*[.):\-–—]*\s+", re.IGNORECASE)
_CHUNKS = re.compile(r",|&|/|\+|\band\b")
_SECTIONS = (
    ("decision", r"residual|decision|approv|sign.?off|conclusion|acceptance"),
    ("scores", r"likelihood|probability|severity|scoring|risk (rating|evaluation|analysis|level|matrix)"),
    ("mitigations", r"mitigat|measure|treatment|control|safeguard"),
    ("parties", r"affected|part(y|ies)\b|stakeholder"),
    ("impacts", r"impact|harm|effects?\b|risks?\b|consequence"),
    ("context", r"context|system|overview|description|purpose|scope|background|use case"),
)
_COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "parties": (
        ("is_vulnerable", r"vulnerab|special protection"),
        ("can_opt_out", r"opt"),
        ("heard", r"heard|consult|engage|involve"),
        ("per_year", r"year|how many|number|count|volume|size|estimate"),
        ("kind", r"^level|type|kind|category"),
        ("name", r"who|part(y|ies)|stakeholder|group|name|affected|individual|people"),
    ),
    "impacts": (
        ("number", r"^#$|^id$|^no$|^nr$|^ref|^impact (id|no|#|ref)|^number$|^risk id"),
        ("target_likelihood", r"target.*(likelihood|probability)"),
        ("target_severity", r"target.*(severity|impact)"),
        ("target_on", r"target.*(date|by|on)|^target$"),
        ("residual_score", r"(residual|now).*(score|product|l ?[x×] ?s)"),
        ("residual_band", r"(residual|now|remain).*(level|band|rating|risk$)|^residual$"),
        (
            "residual_likelihood",
            r"(residual|now|after|remain).*(likelihood|probability)|likelihood.*(now|after|residual)",
        ),
        ("residual_severity", r"(residual|now|after|remain).*(severity)|severity.*(now|after|residual)"),
        ("likelihood", r"likelihood|probability|^l$|^l [0-9]"),
        ("severity", r"severity|^s$|^s [0-9]|impact (score|level|rating)|magnitude"),
        ("score", r"score|product|^l ?[x×*] ?s$|risk (value|number)"),
        ("band", r"level of risk|risk level|band|rating|. risk$"),
        ("affected_number", r"^how many|number of|^affected (number|count)|people affected$|^reach$"),
        ("duration", r"duration|how long"),
        ("reversibility", r"revers|put right|recoverab|remediab"),
        ("failure", r"failure|root cause|^cause"),
        ("level", r"level|scope|applies to"),
        ("valence", r"kind|type|valence|harm or benefit|polarity"),
        ("control", r"control|annex|clause|requirement"),
        ("is_in_place", r"in place|status|state\b|implemented|done"),
        ("due_on", r"due|deadline|by when|^by$|date"),
        ("measure", r"mitigation|measure|safeguard|treatment|action"),
        ("dimension", r"dimension|category|area|theme|principle|right"),
        ("who", r"who|part(y|ies)|stakeholder|group|affected|people|(impact|effect|harm|risk) (on|to|for)\b"),
        ("description", r"impact|harm|effect|risk|description|consequence|what|benefit|scenario"),
    ),
    "mitigations": (
        ("kind", r"^kind|type\b|nature"),
        ("is_failing", r"fail"),
        ("control", r"control|annex|clause|requirement|iso"),
        ("is_in_place", r"in place|status|state\b|implemented|done|effective"),
        ("due_on", r"due|deadline|by when|^by$|target|date|when"),
        ("impact", r"impact|addresses|against|treats|risk|harm|^#$|^id$|^ref|^n[or]$|^number$|^item$"),
        ("measure", r"mitigation|measure|safeguard|treatment|action|what|description"),
    ),
}
_DECISION = (
    ("publication", r"^publication|^publish"),
    ("next_review_on", r"next review|review (date|on|by)|review$"),
    ("conditions_by", r"conditions? (met|due|by)|(met|due) by"),
    ("approver", r"approver|approved by|decided by|decision maker|signed( off)? by|accepted by|approval$|sign.?off"),
    ("decided_on", r"date|decided on|approved on|signed on"),
    ("reason", r"reason|rationale|justification|conditions?|because|comment"),
    ("residual", r"residual|overall|remaining"),
    ("decision", r"decision|outcome|verdict|conclusion|recommendation"),
)
_CONTEXT = (
    ("foreseeable_misuse", r"misuse|not intended|out.of.scope use|abuse"),
    ("oversight", r"oversight|human in|human review|override"),
    ("benefits", r"benefit"),
    ("jurisdictions", r"jurisdiction|region|countr|geograph|territor"),
    ("system_version", r"version"),
    ("next_review_on", r"next review|review date"),
    ("system", r"^system( name| id)?$|^ai system( name| id)?$|^name$"),
    ("intended_use", r"intended|purpose|use case|what it does|^use$"),
)
LEVELS = (
    ("society", r"societ|public|communit|market|environment|democra|econom|nation|population"),
    (
        "group",
        r"group|minorit|agents|employees|staff|workers|clerks|recruiters|managers|teams?|speakers|elderly|children",
    ),
    ("individual", r"individual|person|people|customer|user|applicant|patient|citizen|consumer|student|subject"),
)
DECISIONS = (
    ("conditions", r"condition"),
    ("decline", r"declin|reject|refus|do not (proceed|deploy)|stop|avoid|not approved|no.go"),
    ("mitigate", r"mitigat|defer|treat|remediat|postpone"),
    ("proceed", r"accept|proceed|approv|go\b|deploy|retain"),
)
DURATIONS = (
    ("lasting", r"lasting|permanent|for good|forever|lifelong|life.?long"),
    ("years", r"year|decade"),
    ("months", r"month"),
    ("days", r"\bdays?\b|week"),
    ("moments", r"moment|second|minute|hour"),
)
REVERSIBILITIES = (
    ("never", r"never|irrevers|not reversible|non.?reversible|cannot|permanent|^no\b"),
    ("partly", r"part"),
    ("effort", r"effort|difficult|hard\b"),
    ("easily", r"eas(y|ily)|full|^reversible|^yes\b"),
)
MEASURE_KINDS = (
    ("technical", r"technic|software|engineering"),
    ("procedural", r"procedur|organi[sz]ation|process|training|administrative|human|policy"),
)
PUBLICATIONS = (("affected", r"affected|summary"), ("public", r"public\b|published"), ("internal", r"intern|inside"))
_YES = re.compile(
    r"^(yes|y|true|x|✓|✔|✅|☑|in place|implemented|done|complete[d]?|live|active|operational|effective|closed)\b|^[✓✔✅☑]"  # noqa: E501
)
_NO = re.compile(
    r"^[✗✘❌☐🔲]|^(no|n|false|not|planned|open|to ?do|in progress|partial(ly)?|pending|proposed|draft|future|due)\b"
)
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%d-%b-%Y", "%d.%m.%Y")


def said(text: str) -> str:
    """Return a heading or label in lower case, without numbering, emphasis, brackets and a colon at its end."""
    text = re.sub(r"[*_`]", "", text).strip()
    text = _NUMBERING.sub("", text + " ").strip() or text
    text = re.sub(r"\(([^)]*)\)", r" \1 ", text)
    return re.sub(r"\s+", " ", text.lower()).strip(" :.")


def sections_of(title: str) -> tuple[str, ...]:
    """Return the sections that a heading names, each once."""
    found = (_first(_SECTIONS, chunk) for chunk in _CHUNKS.split(said(title)))
    return tuple(dict.fromkeys(key for key in found if key))


def column_of(kind: str, title: str) -> str:
    """Return the field that a column of a table or a label fills, or nothing."""
    return _first(_COLUMNS[kind], said(title))


def label_of(kind: str, title: str) -> str:
    """Return the field of the context or of the decision that a label names, or nothing."""
    return _first(_DECISION if kind == "decision" else _CONTEXT, said(title))


def only_level_of(text: str) -> str:
    """Return whom a heading speaks of, if it names one level alone."""
    found = [key for key, pattern in LEVELS if re.search(pattern, text.lower())]
    return found[0] if len(found) == 1 else ""


def level_of(text: str) -> str:
    """Return whom a text speaks of: individuals, a group or a society; nothing where it does not say."""
    return _first(LEVELS, text.lower())


def decision_of(text: str) -> str:
    """Return which of the four decisions a text says, or nothing."""
    return _first(DECISIONS, text.lower())


def code_in(pairs: tuple[tuple[str, str], ...], text: str) -> str:
    """Return the code whose words a text holds, or nothing."""
    return _first(pairs, text.casefold().strip())


def truth_of(text: str) -> bool | None:
    """Return whether a word says yes or no, or neither."""
    word = text.strip().lower().strip("[]() ")
    if _YES.match(word):
        return True
    return False if not word or _NO.match(word) else None


def day_of(text: str) -> date | None:
    """Return a date that is written as one, or nothing."""
    words = re.sub(r"(?<=[0-9])(st|nd|rd|th)\b|(?<=[a-z])\.|(?<=[0-9])T[0-9:.+Z-]+$", "", text.strip())
    words = re.sub(
        r"^(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?,? ", "", " ".join(words.split()), flags=re.IGNORECASE
    )
    slashed = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", words)
    if slashed and (int(slashed[1]) > 12) != (int(slashed[2]) > 12):
        day, month = (slashed[1], slashed[2]) if int(slashed[1]) > 12 else (slashed[2], slashed[1])
        words = f"{slashed[3]}-{month}-{day}"
    for shape in _DAYS:
        try:
            return datetime.strptime(words, shape).date()  # noqa: DTZ007  (a day has no time zone)
        except ValueError:
            continue
    return None


def _first(pairs: tuple[tuple[str, str], ...], text: str) -> str:
    return next((key for key, pattern in pairs if re.search(pattern, text)), "")
