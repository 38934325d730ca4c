"""Refuse passwords that are common in disguise: what lists hold, repeated, run along the keyboard, or with a tail."""

import re

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

RUNS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm")
FEWEST = 5  # different characters
REPEATED = re.compile(r"^(.+?)\1+$")
TAIL = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class UncommonValidator(CommonPasswordValidator):
    """Look behind repetitions and tails of digits before looking at the list of 20,000."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError for a password that guessing programs try early."""
        words = password.strip().lower()
        if len(set(words)) < FEWEST or any(core in self.passwords or _is_run(core) for core in _cores(words)):
            raise ValidationError(_("This password is among the first to be guessed. Take a sentence of your own."))


def _cores(words: str) -> set[str]:
    """Return the password itself, and what is left of it without repetition and tails."""
    bare = TAIL.sub("", words)
    found = {words, bare, *(match[1] for text in (words, bare) if (match := REPEATED.match(text)))}
    return {core for core in found if core}


def _is_run(core: str) -> bool:
    return len(core) > 3 and any(core in run * 3 or core in run[::-1] * 3 for run in RUNS)
