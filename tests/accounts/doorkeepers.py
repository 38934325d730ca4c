"""What a process does that checks codes, as a web process would: `python -m tests.accounts.doorkeepers VERB`.

`people` makes ten people with an authenticator app and prints their ids; `check` reads ids from its input and says for
each whether the code of this moment lets them in.
"""

import sys

import django


def main(verb: str) -> None:
    """Do one of the two."""
    django.setup()
    {"people": people, "check": check}[verb]()


def people() -> None:
    """Make people, each with the same app."""
    from tests.accounts.make import an_app
    from tests.make import a_person

    print(*(an_app(a_person()).user_id for _number in range(10)), flush=True)


def check() -> None:
    """Check code after code."""
    from allauth.mfa.models import Authenticator

    from tests.accounts.make import code_now

    apps = {app.user_id: app.wrap() for app in Authenticator.objects.filter(type="totp")}
    print("ready", flush=True)
    for line in sys.stdin:
        print("in" if apps[int(line)].validate_code(code_now()) else "out", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
