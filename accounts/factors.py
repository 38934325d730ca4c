"""Second factors: authenticator apps, passkeys and recovery codes, their secrets sealed under SIGNING_SECRET."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.sealed import seal, unseal

PURPOSE = "second factor"
MARK = "sealed:"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's hooks: seal secrets, say things in our words, keep the last factor where one is required."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not right, or it was used already. Take the next one."),
        "cannot_delete_authenticator": gettext_lazy("A second factor is required here. Set up another one first."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored."""
        return MARK + urlsafe_b64encode(seal(text.encode(), PURPOSE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a stored secret; one that was not sealed is refused, whoever put it there."""
        return unseal(urlsafe_b64decode(encrypted_text.removeprefix(MARK)), PURPOSE).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Refuse to take the last factor away where one is required."""
        if not settings.MFA_REQUIRED or authenticator.type not in FACTORS:
            return True
        return bool(_factors(authenticator.user).exclude(pk=authenticator.pk).exists())

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """Name a new passkey."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)s") % {"number": count + 1} if count else _("Passkey")


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as pages list it."""

    pk: int
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person can show besides their password."""

    app_since: datetime | None
    app_used_at: datetime | None
    passkeys: tuple[Passkey, ...]
    codes_left: int | None

    @property
    def has_any(self) -> bool:
        """Whether signing in takes, or can take, more than the password."""
        return self.app_since is not None or bool(self.passkeys)


def factors_of(user: User) -> Factors:
    """Return a person's factors, in one query."""
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    app = next((row for row in rows if row.type == Authenticator.Type.TOTP), None)
    codes = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    return Factors(
        app_since=app.created_at if app else None,
        app_used_at=app.last_used_at if app else None,
        passkeys=tuple(
            Passkey(row.pk, row.wrap().name, row.created_at, row.last_used_at)
            for row in rows
            if row.type == Authenticator.Type.WEBAUTHN
        ),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
    )


def has_factor(user: User) -> bool:
    """Whether an authenticator app or a passkey is set up."""
    return bool(_factors(user).exists())


def _factors(user: AbstractBaseUser) -> QuerySet[Authenticator]:
    rows: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS)
    return rows
