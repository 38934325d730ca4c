"""When a text is no reason: empty, `N/A`, or left over from a template."""

import re

STOCK = """
n/a | na | n.a | none | nil | - | -- | --- | \u2013 | \u2014 | x | y | n | yes | no | ok | tbd | t.b.d
tbc | todo | to do | pending | unknown | see above | same as above | applicable | not applicable
not relevant | not required | to be determined | to be defined | to be confirmed | to be completed
entfällt | keine | k.a | s.o | nicht zutreffend | noch offen | sans objet | non applicable | néant
s/o | à définir | no aplica | ninguno | ninguna | por definir
"""
NOTHING = frozenset(word.strip() for line in STOCK.splitlines() for word in line.split("|"))
TEMPLATE = re.compile(
    r"""(
    \[\s*(insert|organi[sz]ation|company|describe|your|add|enter|state|explain|name|todo|tbd|one-line|x+)\b[^\]]*\]
    | <\s*(insert|organi[sz]ation|company|describe|your|add|enter|explain|name)\b[^>]*>
    | \{\{?[^}]*\}\}?
    | \blorem\s+ipsum\b
    | \b(insert|enter|add|describe)\s+(your\s+)?(justification|reason|explanation|text)\s*(here)?\b
    | _{4,} | \.{6,} | x{4,}
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def is_nothing(text: str) -> bool:
    """Whether a text says nothing: blank, or a stock word such as `N/A`."""
    return " ".join(text.split()).strip(" .;:!").casefold() in NOTHING


def is_template(text: str) -> bool:
    """Whether a text still holds a template's placeholder."""
    return bool(TEMPLATE.search(text))
