"""How allauth behaves here: people come in by invitation, not by signing themselves up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Close open sign-up; an organisation invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse strangers."""
        return False
