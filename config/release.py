"""Which release of Assay this is."""

import tomllib
from pathlib import Path

RELEASE: str = tomllib.loads((Path(__file__).resolve().parent.parent / "pyproject.toml").read_text())["project"][
    "version"
]
