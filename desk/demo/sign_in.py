"""How the demo's people sign in: generated passwords, told in one file that only its owner reads."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from desk.demo.organisation import email_of
from desk.demo.script import Data

FILE = "demo-sign-in.txt"
REMOVED = "demo-removed"


def sign_in_file() -> Path:
    """Where the sign-ins are told."""
    return Path(settings.ASSAY_DATA) / FILE


def removed_file() -> Path:
    """What says that the demo was removed and is not to come back by itself."""
    return Path(settings.ASSAY_DATA) / REMOVED


def new_passwords(people: Iterable[Data]) -> dict[str, str]:
    """Return a password of 72 bits for each person who is to sign in."""
    return {row["name"]: secrets.token_urlsafe(12) for row in people if "sign_in" in row}


def tell(people: Iterable[Data], passwords: dict[str, str]) -> Path:
    """Write `role email password`, a line for each role, first the compliance officer; whole or not at all."""
    lines = [
        f"{role} {email_of(row['name'])} {passwords[row['name']]}\n"
        for row in people
        for role in row.get("sign_in", ())
    ]
    path = sign_in_file()
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(lines)
    return draft.replace(path)
