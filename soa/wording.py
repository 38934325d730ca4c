"""When a text is no reason: empty, `N/A`, or left over from a template."""

import re

NOTHING = frozenset(
    "n/a na n.a. n/a. none nil - -- --- — – . x tbd t.b.d. tbc todo to do pending unknown see above same as above "
    "not applicable applicable yes no y n ok entfällt entf. keine k.a. s.o. nicht zutreffend zutreffend "
    "sans objet néant s/o no aplica ninguno ninguna".split(" ")
) | frozenset(
    {
        "to do",
        "see above",
        "same as above",
        "not applicable",
        "nicht zutreffend",
        "sans objet",
        "no aplica",
        "to be determined",
        "to be defined",
        "to be confirmed",
        "to be completed",
        "not relevant",
        "not required",
        "non applicable",
        "noch offen",
        "à définir",
        "por definir",
    }
)
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
    return " ".join(text.split()).strip(" .;:!").casefold() in NOTHING | {""}


def is_template(text: str) -> bool:
    """Whether a text still holds a template's placeholder."""
    return bool(TEMPLATE.search(text))
