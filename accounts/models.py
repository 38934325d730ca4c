"""People and tokens."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts import clock


def new_pseudonym() -> str:
    """Return the random name under which a person stands in the chain; forgetting the person leaves it intact."""
    return uuid4().hex


class UserManager(BaseUserManager["User"]):
    """People are found and made by e-mail, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person; without a password they can only come in by invitation."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by e-mail, ignoring case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who can sign in. What they may do hangs on memberships, never on this row."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en-gb")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    pseudonym = models.CharField(max_length=32, unique=True, default=new_pseudonym, editable=False)
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_email")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name, or the e-mail until one is given."""
        return self.name or self.email

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        words = (self.name or self.email.split("@")[0].replace(".", " ")).split()
        return "".join(word[0] for word in (words[0], words[-1]) if word)[:2].upper() if words else "?"


class TokenKind(models.TextChoices):
    """Whom a token speaks for."""

    PERSONAL = "personal", _("A person")
    SERVICE = "service", _("A service")
    AGENT = "agent", _("An AI agent")


class Token(models.Model):
    """A bearer token for machines: only its SHA-256 is kept, and its prefix to find it by."""

    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=TokenKind.choices, default=TokenKind.PERSONAL)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    aims_id = models.BigIntegerField(db_index=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    ref_kind: ClassVar[str] = "token"

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"

    @property
    def ref_code(self) -> str:
        """Its prefix, which is no secret."""
        return self.prefix

    @property
    def ref(self) -> str:
        """The typed reference under which the chain knows it."""
        return f"{self.ref_kind}:{self.prefix}"

    @property
    def version(self) -> int:
        """Issued is 1, revoked is 2."""
        return 2 if self.revoked_at else 1

    @property
    def is_live(self) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and self.expires_at > clock.now()


class CacheEntry(models.Model):
    """What Django's database cache holds where there is no Redis, so that all processes share it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key
