"""Begin a fresh installation: the first person, who lets everybody else in."""

from collections.abc import Iterable

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusals import Refusal
from aims.models import Aims
from desk.actions.start import Named, start

LOCK = 42_001


class NotTheFirst(Refusal):
    """Somebody can sign in already, so people come in by invitation."""


class NotAPerson(Refusal):
    """The person cannot be made so."""


def is_first_run() -> bool:
    """Whether nobody can sign in yet; one query."""
    return not User.objects.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists()


@transaction.atomic
def first_run(
    organisation: str,
    *,
    name: str,
    email: str,
    password: str,
    roles_played: Iterable[str],
    systems: Iterable[Named],
    time_zone: str,
) -> tuple[User, Aims]:
    """Make the first person and their AIMS in one transaction; of two who try at once, one is refused."""
    _one_at_a_time()
    if not is_first_run():
        raise NotTheFirst(_("Somebody has begun already. Sign in, or ask them to invite you."))
    founder = _person(name.strip(), email.strip().lower(), password, time_zone)
    aims = start(organisation, roles_played=roles_played, systems=systems, founder=founder, time_zone=time_zone)
    return founder, aims


def _one_at_a_time() -> None:
    """Hold the others: a transaction of SQLite has the write lock from its beginning, PostgreSQL needs one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _person(name: str, email: str, password: str, time_zone: str) -> User:
    if not name:
        raise NotAPerson(_("Give the name that colleagues and auditors will know you by."), field="name")
    if User.objects.filter(email__iexact=email).exists():
        raise NotAPerson(_("This address is taken. Give another."), field="email")
    try:
        validate_password(password, User(name=name, email=email))
    except ValidationError as error:
        raise NotAPerson(" ".join(error.messages), field="password") from error
    return User.objects.create_user(email, password, name=name, time_zone=time_zone)
