"""Write a record as YAML: the very text it was read from while it says the same, else with the changed places alone.

Every text is read again before it leaves, and one that does not read as the record is written afresh. Inside, a tree
holds words as they are written: no reader but `reading` decides what they mean.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from systems.record.lines import with_changes
from systems.record.reading import MAX_DIGITS, meant, read
from systems.record.schema import schema

MARK = "\ufeff"
WIDTH = 2**20
_PAIR = re.compile(r"^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n(?=(?:[ \t]*(?:#[^\n]*)?\n)*( *)(- )?\S)", re.MULTILINE)
_ODD = re.compile(r"[^\n\x20-\x7e\xa1-\u2027\u202a-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_CLASSIC: Any = yaml.resolver.Resolver()
_TEXT = "tag:yaml.org,2002:str"


def write(record: dict[str, Any], text: str = "") -> str:
    """Return the record as YAML; with the text of its file only what differs is altered, and comments stay."""
    before = read(text.encode(errors="surrogatepass")) if text else None
    if before is None or before.faults:
        return fresh(record)
    if alike(before.record, record):
        return text
    for attempt in _amended(text, before.record, record):
        if _says(attempt, record):
            return attempt
    return fresh(record)


def fresh(record: dict[str, Any]) -> str:
    """Return the record as new YAML, in the order of the schema."""
    ordered = _ordered(record, schema())
    text = _dumped(_yaml(2, 2), _node(ordered, _readable))
    return text if _says(text, record) else _dumped(_yaml(2, 2), _node(ordered, _quoted))


def alike(one: Any, other: Any) -> bool:
    """Tell whether two records say exactly the same, whatever the order of their fields."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _says(text: str, record: dict[str, Any]) -> bool:
    found = read(text.encode(errors="surrogatepass"))
    return not found.faults and alike(found.record, record)


def _amended(text: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """Try the gentlest change first: the changed lines alone, then the text as a round trip leaves it."""
    plain = text.removeprefix(MARK).replace("\r\n", "\n")
    try:
        tree = _loaded(plain)
        base = _dumped(_yaml(*_indents(plain)), tree)
        _amend(tree, before, after)
        changed = _dumped(_yaml(*_indents(plain)), tree)
    except (YAMLError, ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return
    for attempt in (with_changes(plain, base, changed), changed):
        whole = attempt.replace("\n", "\r\n") if "\r\n" in text else attempt
        yield MARK + whole if text.startswith(MARK) else whole


def _amend(node: Any, before: Any, after: Any) -> None:
    """Alter a tree where what it says differs."""
    if isinstance(after, dict):
        _amend_fields(node, before, after)
    else:
        _amend_rows(node, before, after)


def _amend_fields(node: CommentedMap, before: dict[str, Any], after: dict[str, Any]) -> None:
    for name in [name for name in before if name not in after and name in node]:
        del node[name]
    for name, value in after.items():
        if name not in before or not alike(before[name], value):
            _put(node, name, before.get(name), value)


def _amend_rows(node: CommentedSeq, before: list[Any], after: list[Any]) -> None:
    """Meet rows by their names, so that a row keeps its comments when others come and go; from the end backwards."""
    steps = SequenceMatcher(None, [*map(_called, before)], [*map(_called, after)], autojunk=False).get_opcodes()
    for kind, start, end, low, high in reversed(steps):
        if kind == "equal" or end - start == high - low:
            for place, value in zip(range(start, end), after[low:high], strict=True):
                if not alike(before[place], value):
                    _put(node, place, before[place], value)
            continue
        for place in reversed(range(start, end)):
            del node[place]
        for value in reversed(after[low:high]):
            node.insert(start, _node(value, _readable))


def _called(row: Any) -> str:
    return str(row["name"]) if isinstance(row, dict) and "name" in row else json.dumps(row, sort_keys=True)


def _put(node: Any, place: str | int, before: Any, after: Any) -> None:
    same = any(isinstance(before, kind) and isinstance(after, kind) for kind in (dict, list))
    if same and before and after and (isinstance(place, int) or place in node):
        _amend(node[place], before, after)
    else:
        node[place] = _node(after, _readable)


def _ordered(value: Any, rule: dict[str, Any]) -> Any:
    """Put fields in the order of the schema, those it does not know behind them."""
    if isinstance(value, list):
        return [_ordered(item, rule.get("items", {})) for item in value]
    if not isinstance(value, dict):
        return value
    known = rule.get("properties", {})
    names = [*(name for name in known if name in value), *(name for name in value if name not in known)]
    return {name: _ordered(value[name], known.get(name, {})) for name in names}


def _node(value: Any, words: Callable[[str], str]) -> Any:
    """Return a value as the tree holds it: words, fields and rows."""
    match value:
        case dict():
            return CommentedMap((_named(name), _node(item, words)) for name, item in value.items())
        case list():
            return CommentedSeq(_node(item, words) for item in value)
        case str():
            return words(value)
        case float():
            said = repr(value)
            return said if len(said) <= MAX_DIGITS else repr(float(f"{value:.10g}"))
        case _:
            return json.dumps(value)


def _named(name: str) -> str:
    return _quoted(name) if _is_read_otherwise(name) else name


def _quoted(value: str) -> str:
    said: str = DoubleQuotedScalarString(value)
    return said


def _readable(value: str) -> str:
    """Write many lines as many lines, and in quotation marks what somebody's reader takes for no text."""
    if "\n" in value and not value[0].isspace() and not value.endswith("\n\n") and not _ODD.search(value):
        lines: str = LiteralScalarString(value)
        return lines
    return _quoted(value) if _is_read_otherwise(value) else value


def _is_read_otherwise(value: str) -> bool:
    classic = _CLASSIC.resolve(yaml.ScalarNode, value, (True, False))
    return not value or meant(value) != value or classic != _TEXT or bool(_ODD.search(value)) or "\n" in value


class _AsWritten(VersionedResolver):
    """Take every word for a text, so that a round trip writes each as it was."""

    @property
    def versioned_resolver(self) -> dict[str, Any]:
        """Return no rules."""
        return {}


def _yaml(step: int, dash: int) -> YAML:
    tool = YAML()
    tool.Resolver = _AsWritten
    tool.preserve_quotes = True
    tool.width = WIDTH
    tool.indent(mapping=step, sequence=dash + 2, offset=dash)
    return tool


def _loaded(text: str) -> Any:
    return _yaml(2, 2).load(text)


def _dumped(tool: YAML, tree: Any) -> str:
    out = io.StringIO()
    tool.dump(tree, out)
    return out.getvalue()


def _indents(text: str) -> tuple[int, int]:
    """Return by how much fields and the dashes of lists stand in, as the text does it first."""
    steps = {bool(found[3]): len(found[2]) - len(found[1]) for found in reversed([*_PAIR.finditer(text)])}
    step = steps.get(False, 2)
    return (step if step > 0 else 2), max(steps.get(True, 2), 0)
