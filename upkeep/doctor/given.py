"""What the installation was given: settings and secrets."""

import stat
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import run_checks

from upkeep.doctor.shape import Found, fail, ok, warn

SECRETS = ("SECRET_KEY", "LEDGER_KEY", "SIGNING_SECRET")
SHORTEST = 32
HERE = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def debug() -> Found:
    """Tracebacks in the browser show settings and data."""
    if settings.DEBUG:
        return fail("DEBUG is on: errors show settings and data to whoever causes them.", "Unset DEBUG.")
    return ok("DEBUG is off.")


def address() -> Found:
    """Links in mails start with SITE_URL, and the host in it has to be answered."""
    site = urlsplit(settings.SITE_URL)
    if site.hostname not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        mend = f"Add {site.hostname} to ALLOWED_HOSTS, or correct SITE_URL."
        return fail(f"SITE_URL is {settings.SITE_URL}, whose host is not answered.", mend)
    if "*" in settings.ALLOWED_HOSTS:
        return warn("Every host name is answered.", "Name the host of SITE_URL in ALLOWED_HOSTS.")
    if site.scheme != "https" and site.hostname not in HERE:
        return fail(f"{settings.SITE_URL} is not encrypted.", "Put a TLS proxy in front and begin SITE_URL with https.")
    return ok(f"{settings.SITE_URL} is answered.")


def secrets() -> Found:
    """Short secrets can be guessed."""
    short = [name for name in SECRETS if len(getattr(settings, name)) < SHORTEST]
    if short:
        words = f"{', '.join(short)} {'has' if len(short) == 1 else 'have'} fewer than {SHORTEST} characters."
        return fail(
            words, "Make another with `openssl rand -base64 32`; for LEDGER_KEY once nothing waits to be sealed."
        )
    return ok("All three secrets are there.")


def permissions() -> Found:
    """Secrets and data are nobody else's to read."""
    data = Path(settings.ASSAY_DATA)
    open_ones = [path for path in (data / "secrets", *(data / "secrets").glob("*")) if _is_open(path)]
    if open_ones:
        paths = " ".join(map(str, open_ones))
        return fail(f"Others can read {len(open_ones)} of the secrets' files.", f"chmod go= {paths}")
    database = data / "assay.sqlite3"
    if _is_open(database) and _is_open(data):
        return warn(f"Others can read {database}.", f"chmod go= {data}")
    return ok(f"Nobody else can read what is in {data}.")


def _is_open(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & OTHERS)


def system_checks() -> Found:
    """Every room's own checks at start, and Django's of a deployment where one is meant."""
    is_deployed = settings.SITE_URL.startswith("https://")
    found = [message for message in run_checks(include_deployment_checks=is_deployed) if not message.is_silenced()]
    if not found:
        return ok("Nothing that is looked at when a process starts is wrong.")
    words = " ".join(f"{message.id}: {message.msg}" for message in found)
    mend = " ".join(str(message.hint) for message in found if message.hint) or "The words above say what is wrong."
    is_serious = any(message.is_serious() for message in found)
    return (fail if is_serious else warn)(words, mend)


CHECKS = (debug, address, secrets, permissions, system_checks)
