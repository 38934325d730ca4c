"""Load a heavy library when it is first used: few processes sign in by SAML, write workbooks or look at images."""

from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


def later(name: str) -> Any:
    """Return a stand-in that imports the module at its first use; type checkers are told by an import beside it."""
    return _Later(name)
