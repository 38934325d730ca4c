"""Any text inside Markdown and back again without loss: in prose, in a cell, in one line."""

import re

_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_ESCAPED = re.compile(rf"\\({_PUNCTUATION})|&#([0-9]{{1,7}});")
_STRUCTURE = re.compile(r"(?m)^([ \t]*)(#|```|~~~|[-=]+[ \t]*$)")
_BREAK = re.compile(r"(?<!\\)<br\s*/?>", re.IGNORECASE)
_WRAPPED = re.compile(r"(\*\*|__|\*|_|`)(?=\S)(.+?)(?<=[^\s\\])\1", re.DOTALL)
EMPTY = frozenset({"", "-", "–", "—", "n/a", "na", "none", "tbd", "tbc", "not applicable", "nothing", "null"})
_EDGES = "".join(sign for sign in map(chr, range(0x10000)) if sign.isspace()) + "\ufeff"


def prose(text: str) -> str:
    """Return a text of several lines so that no line of it is taken for a heading, a fence or a comment."""
    safe = _escaped(text)
    safe = _STRUCTURE.sub(lambda found: f"{found[1]}\\{found[2]}", safe)
    return _edged(safe)


def cell(text: str) -> str:
    """Return a text for one cell of a table, or for one line."""
    safe = _escaped(text).replace("\\\n", "\\&#10;").replace("|", "\\|").replace("\n", "<br>")
    if safe[:1] in ("*", "_", "`", "[") or safe.strip().lower() in EMPTY - {""}:
        first = safe[0]
        safe = f"&#{ord(first)};{safe[1:]}"
    return _edged(safe)


def plain(source: str) -> str:
    """Return what a cell or a line says: without emphasis around all of it, its breaks as lines."""
    said = unwrapped(source.strip())
    return unescaped(_BREAK.sub("\n", said)) if said.strip().lower() not in EMPTY else ""


def unwrapped(source: str) -> str:
    """Take emphasis off that stands around the whole."""
    found = _WRAPPED.fullmatch(source)
    while found is not None and found[1] not in found[2]:
        source = found[2]
        found = _WRAPPED.fullmatch(source)
    return source


def unescaped(source: str) -> str:
    """Return the characters that backslashes and numbers stand for."""
    return _ESCAPED.sub(_meant, source)


def _meant(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    code = int(found[2])
    return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else found[0]


def _escaped(text: str) -> str:
    safe = text.replace("\\", "\\\\").replace("&#", "\\&#").replace("\r", "&#13;")
    safe = safe.replace("<!--", "\\<!--")
    return re.sub(r"<(?=br\s*/?>)", r"\\<", safe, flags=re.IGNORECASE)


def _edged(safe: str) -> str:
    """Keep white space at either end, which readers of Markdown drop."""
    core = safe.strip(_EDGES)
    if core == safe:
        return safe
    at = safe.index(core) if core else len(safe)
    before, after = safe[:at], safe[at + len(core) :]
    return "".join(f"&#{ord(one)};" for one in before) + core + "".join(f"&#{ord(one)};" for one in after)
