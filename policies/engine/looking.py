"""Look at a parsed policy before it runs: which functions it calls, what it imports, whether it denies anything.

Standard library only: the child of the engine loads this by its path. A finding is `[kind, name, line]`; the parent
puts it into words.
"""

from collections.abc import Iterator
from typing import Any

Parts = tuple[str, ...]
Finding = list[Any]

SHUT = {
    "http": "network",
    "net": "network",
    "providers": "network",
    "opa": "environment",
    "rego": "policies",
    "rand": "chance",
}
SHUT_NAMES = {"uuid.rfc4122": "chance"}
ALSO_THERE = ("print",)


class Look:
    """What one module says about itself."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self.package: Parts = parts_of(tree["package"]["refr"]) or ("",)
        self.line: int = tree["package"]["span"]["line"]
        self.imports = {_alias(each): (parts_of(each["refr"]), each["span"]["line"]) for each in tree["imports"]}
        self.functions: set[Parts] = set()
        self.denies = self.denies_deeper = self.sets_today = False
        self.calls: list[tuple[Parts | None, int]] = []
        self.swaps: list[tuple[Parts, int]] = []
        for rule in tree["rules"]:
            self._head(rule)
        for name, node in nodes(tree["rules"]):
            self._note(name, node)

    def _head(self, rule: dict[str, Any]) -> None:
        kind, inside = next(iter(rule.items()))
        form, head = next(iter(inside["head"].items())) if kind == "Spec" else ("Compr", inside)
        name = root_parts(head["refr"])
        self.sets_today |= name == ("today",)
        if form == "Func" or head.get("args"):
            self.functions.add((*self.package, *name))
        elif name and name[0] == "deny":
            self.denies = True
            self.denies_deeper |= len(name) > 1

    def _note(self, name: str, node: Any) -> None:
        if name == "Call":
            self.calls.append((parts_of(node["fcn"]), node["span"]["line"]))
        elif name == "with_mods":
            for each in node or ():
                for side in ("refr", "as"):
                    if parts := parts_of(each[side]):
                        self.swaps.append((parts, each["span"]["line"]))

    def findings(self, builtins: frozenset[str], functions: set[Parts]) -> Iterator[Finding]:
        """Return what keeps the module from being loaded, given the functions of all modules."""
        if self.package == ("assay",) and self.sets_today:
            yield ["reserved", "data.assay.today", self.line]
        for path, line in self.imports.values():
            if path and path[0] not in ("data", "input") and path != ("rego", "v1") and path[0] != "future":
                yield ["import", ".".join(path), line]
        for parts, line in self.swaps:
            name = ".".join(parts)
            if name in builtins and (why := self._shut(parts, builtins)):
                yield [why, name, line]
        yield from self._called(builtins, functions)

    def _called(self, builtins: frozenset[str], functions: set[Parts]) -> Iterator[Finding]:
        for called, line in self.calls:
            name = ".".join(called or ())
            if called and (why := self._shut(called, builtins)):
                yield [why, name, line]
            elif called is None or not self._is_there(called, builtins, functions):
                yield ["unknown", name, line]

    def _shut(self, parts: Parts, builtins: frozenset[str]) -> str | None:
        name = ".".join(parts)
        if parts[0] in self.imports and name not in builtins:
            return None
        return SHUT_NAMES.get(name) or (SHUT.get(parts[0]) if len(parts) > 1 else None)

    def _is_there(self, parts: Parts, builtins: frozenset[str], functions: set[Parts]) -> bool:
        if ".".join(parts) in builtins or (*self.package, *parts) in functions:
            return True
        path, _line = self.imports.get(parts[0], (None, 0))
        full = (*path, *parts[1:]) if path else parts
        return full[0] == "data" and full[1:] in functions


def _alias(each: dict[str, Any]) -> str:
    """Return the name an import is used by; the text of `as` is not in the tree, so it is put there by the child."""
    return each.get("alias") or (parts_of(each["refr"]) or ("",))[-1]


def parts_of(node: Any) -> Parts | None:
    """Return a reference as its parts, or None where one of them is only known when it runs."""
    parts: list[str] = []
    while isinstance(node, dict):
        kind, inside = next(iter(node.items()))
        if kind == "Var":
            return (inside["value"], *reversed(parts))
        if kind == "RefDot":
            parts.append(inside["field"][1])
        elif kind == "RefBrack" and "String" in inside["index"]:
            parts.append(inside["index"]["String"]["value"])
        else:
            return None
        node = inside["refr"]
    return None


def root_parts(node: Any) -> Parts:
    """Return the parts of a rule's name that are fixed, and `*` for those that are not."""
    parts: list[str] = []
    while "Var" not in node:
        kind, inside = next(iter(node.items()))
        if kind not in ("RefDot", "RefBrack"):
            return ()
        parts.append(inside["field"][1] if kind == "RefDot" else "*")
        node = inside["refr"]
    return (node["Var"]["value"], *reversed(parts))


def nodes(tree: Any) -> Iterator[tuple[str, Any]]:
    """Go through every named node of a tree, however deep."""
    heap = [tree]
    while heap:
        node = heap.pop()
        if isinstance(node, dict):
            yield from node.items()
            heap.extend(node.values())
        elif isinstance(node, list):
            heap.extend(node)
