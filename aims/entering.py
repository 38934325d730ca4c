"""What a session remembers of the roles it began under, so that a change of roles ends it."""

from typing import Any

from django.http import HttpRequest

from accounts.models import User
from accounts.sessions import remember_roles, roles_told
from aims.queries import aims_of, authorities_of


def remember_roles_at_sign_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Note the roles somebody holds as they sign in; one query for each AIMS they belong to."""
    remember_roles(request.session, {str(one.pk): roles_told(authorities_of(user, one)) for one in aims_of(user)})
