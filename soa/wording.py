"""When a text is no reason: empty, `N/A`, or left over from a template."""

import re
from functools import lru_cache

STOCK = """
n/a | na | n.a | none | nil | x | y | n | yes | no | ok | tbd | t.b.d | tbc | todo | to do | pending | unknown
see above | same as above | as above | applicable | not applicable | not relevant | not required | not needed
to be determined | to be defined | to be confirmed | to be completed | open | included | excluded
entfällt | keine | keine angabe | k.a | s.o | siehe oben | zutreffend | nicht zutreffend | anwendbar
nicht anwendbar | nicht relevant | nicht erforderlich | noch offen | offen | ja | nein
sans objet | non applicable | néant | s/o | à définir | à compléter | à déterminer | aucun | aucune | oui | non
voir ci-dessus | non requis | non pertinent | sans motif | n/d
no aplica | no aplicable | ninguno | ninguna | por definir | pendiente | sí | si
véase arriba | ver arriba | no procede | k. a | n. a | s. o
"""
NOTHING = frozenset(word.strip() for line in STOCK.splitlines() for word in line.split("|")) - {""}
BETWEEN = re.compile(r"\s+/\s+|\s*[,;:()\u2013\u2014]\s*|\s+-+\s+")
EDGES = " .;:!?-\u2013\u2014\u2026_*'\""
SAYS = (
    r"insert|organi[sz]ation|company|describe|your|add|enter|state|explain|name|todo|tbd|one-line|x+"
    r"|einfügen|begründung|unternehmen|organisationsname|firmenname"
    r"|insérer|justification|compléter|entreprise"
    r"|insertar|justificación|completar|rellenar|empresa"
)
TEMPLATE = re.compile(
    rf"""(
    \[[^\]]{{0,30}}?\b({SAYS})\b[^\]]*\]
    | <\s*(\w+\s+){{0,3}}({SAYS})\b[^<>]*>
    | \{{\{{[^}}]*\}}\}} | \{{\s*({SAYS})\b[^}}:]*\}}
    | \blorem\s+ipsum\b
    | \b(insert|enter|add|describe)\s+(your\s+|the\s+|a\s+)?(justification|reason|explanation|text)\s+here\b
    | \A\s*(insert|enter|add)\s+(your\s+|the\s+|a\s+)?(justification|reason|explanation)\b
    | (?<!\w)_{{4,}}(?!\w) | \.{{6,}} | \bx{{4,}}\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)


@lru_cache(maxsize=1024)
def is_nothing(text: str) -> bool:
    """Whether a text says nothing: blank, or only stock words such as `N/A` in any of four languages."""
    words = re.sub(r"\b(\w)\s*/\s*(\w)\b", r"\1/\2", " ".join(text.split()).casefold())
    return all(part.strip(EDGES) in NOTHING | {""} for part in BETWEEN.split(words))


@lru_cache(maxsize=1024)
def is_template(text: str) -> bool:
    """Whether a text still holds a template's placeholder."""
    return bool(TEMPLATE.search(text))
