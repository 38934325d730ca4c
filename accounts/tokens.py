"""Bearer tokens: issued once in the clear, kept as a hash, found by their prefix."""

import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from accounts import clock
from accounts.models import Token, TokenKind, User

MARK = "assay_"
SEEN_EVERY = timedelta(minutes=5)


def digest_of(raw: str) -> str:
    """Return the SHA-256 (hex) under which a token of 256 random bits is kept."""
    return sha256(raw.encode()).hexdigest()


def issue(
    user: User, aims_id: int, *, name: str, kind: TokenKind, scopes: list[str], expires_at: datetime
) -> tuple[Token, str]:
    """Make a token and return it with its text, which is never to be seen again."""
    raw = MARK + secrets.token_urlsafe(32)
    token = Token.objects.create(
        prefix=raw[: len(MARK) + 6],
        digest=digest_of(raw),
        name=name,
        kind=kind,
        user=user,
        aims_id=aims_id,
        scopes=scopes,
        expires_at=expires_at,
    )
    return token, raw


def find(raw: str) -> Token | None:
    """Return the live token of this text, noting when it was last used."""
    if not (raw.startswith(MARK) and raw.isascii() and raw.isprintable()):
        return None
    now = clock.now()
    tokens = Token.objects.select_related("user").filter(prefix=raw[: len(MARK) + 6], revoked_at__isnull=True)
    token = tokens.filter(expires_at__gt=now, user__is_active=True).first()
    if token is None or not hmac.compare_digest(token.digest, digest_of(raw)):
        return None
    if token.last_used_at is None or now - token.last_used_at > SEEN_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    return token
