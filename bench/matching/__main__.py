"""`python -m bench.matching` prints how well unseen documents are matched; `… train` learns anew."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main(argv: list[str]) -> int:
    """Train, or measure the split that is named (`test` without a name)."""
    django.setup()
    from bench.matching.measure import measure
    from bench.matching.train import train

    if argv == ["train"]:
        train()
        return 0
    return measure(argv[0] if argv else "test")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
