"""What the processes of a crowd do, each on its own and until it is killed: `python -m tests.ledger.crowd VERB …`.

`found` makes an organisation and prints its id and its officer's; `write AIMS USER NAME FILE` records act after act,
and notes the event id of each in the file once its commit is through; `seal` numbers and signs what waits, on and on.
"""

import os
import sys

import django


def main(verb: str, *given: str) -> None:
    """Do one of the three."""
    django.setup()
    {"found": found, "write": write, "seal": seal}[verb](*given)


def found() -> None:
    """Make an organisation."""
    from tests.make import an_organisation

    aims, officer = an_organisation()
    print(aims.pk, officer.user_id, flush=True)


def write(aims_id: str, user_id: str, name: str, file: str) -> None:
    """Record for ever."""
    from django.db import transaction

    from accounts.context import acting_in
    from accounts.models import User
    from aims.models import Aims
    from aims.queries import actor_for
    from tests.ledger.make import an_act

    aims = Aims.objects.get(pk=int(aims_id))
    actor = actor_for(User.objects.get(pk=int(user_id)), aims, auth_method="password")
    assert actor is not None
    done = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    number = 0
    while True:
        number += 1
        with acting_in(aims, actor), transaction.atomic():
            record = an_act(actor, aims_id=aims.pk, code=f"{name}-{number}")
        os.write(done, f"{record.event_id}\n".encode())


def seal() -> None:
    """Number and sign for ever."""
    from ledger.actions import seal_waiting, sign_grown

    while True:
        seal_waiting()
        sign_grown()


if __name__ == "__main__":
    main(*sys.argv[1:])
