"""Where things are, and what the environment asks of a run."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ops.say import Problem

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
CACHE = ROOT / ".cache"

NOT_FOR_CHILDREN = ("MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS", "PYTHONHOME", "VIRTUAL_ENV")


@dataclass(frozen=True, slots=True)
class Order:
    """What one `make run` was asked to do."""

    port: int
    data: Path
    web_workers: int
    redis_url: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "Order":
        """Read PORT, ASSAY_DATA, ASSAY_WEB_WORKERS and REDIS_URL; empty means not set."""
        return cls(
            port=_number(env, "PORT", default=8000, highest=65535),
            data=Path(env.get("ASSAY_DATA") or ROOT / ".data").expanduser().absolute(),
            web_workers=_number(env, "ASSAY_WEB_WORKERS", default=2, highest=64),
            redis_url=env.get("REDIS_URL", ""),
        )

    def environment(self, redis_url: str) -> dict[str, str]:
        """The environment of every child: ours, with the contract's names settled."""
        settled = {"PORT": str(self.port), "ASSAY_DATA": str(self.data), "REDIS_URL": redis_url}
        return inherited() | settled


def inherited() -> dict[str, str]:
    """Our own environment without what make and an activated virtual environment left in it."""
    return {name: value for name, value in os.environ.items() if name not in NOT_FOR_CHILDREN}


def _number(env: Mapping[str, str], name: str, *, default: int, highest: int) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= highest):
        raise Problem(f"{name} must be a whole number from 1 to {highest}, not {text!r}.")
    return int(text)
