"""What makes the record worth something: it is sealed, signed and verified; and reports can be made of it."""

from datetime import timedelta

from django.contrib.staticfiles import finders

from accounts import clock
from ledger.standing import standing
from reports.render import LIBRARIES, NotRendered, Renderer
from upkeep.doctor.shape import Found, fail, ok, warn

LAG_FAILS = timedelta(seconds=60)
VERIFIED_WITHIN = timedelta(days=8)
PAGE = "<!doctype html><html lang='en'><title>Doctor</title><p>Ready</p></html>"


def sealing() -> Found:
    """Records get their numbers within seconds, and nothing stops that."""
    chain = standing()
    if chain.halted:
        words = f"{chain.halted} of {chain.logs} logs are not sealed any further."
        return fail(words, "The page of the chain says why; `manage.py verify_chain` names what does not hold.")
    if chain.waiting_since and clock.now() - chain.waiting_since > LAG_FAILS:
        seconds = round((clock.now() - chain.waiting_since).total_seconds())
        return fail(
            f"{chain.unsealed} records wait for a number, the oldest for {seconds} s.",
            "Start a sealer (`manage.py sealer`), or a ticker without --no-seal, with DATABASE_SEALER_URL.",
        )
    if chain.unsigned:
        words = f"{chain.unsigned} of {chain.logs} logs are not signed any further."
        return fail(words, "See that SIGNING_SECRET is the one it was, or run `manage.py rotate_key`.")
    return ok("No record waits for long.")


def verified() -> Found:
    """Somebody verified every log lately, and it held."""
    chain = standing()
    if chain.faulty:
        words = f"The last verification of {chain.faulty} of {chain.logs} logs failed."
        return fail(words, "Run `manage.py verify_chain --deep`; it names the first record that does not hold.")
    if not chain.logs:
        return ok("Nothing has been recorded yet.")
    if chain.unverified:
        return warn(f"{chain.unverified} of {chain.logs} logs were never verified.", "Run `manage.py verify_chain`.")
    if chain.verified_at and clock.now() - chain.verified_at > VERIFIED_WITHIN:
        days = (clock.now() - chain.verified_at).days
        return warn(f"A log was last verified {days} days ago.", "Run `manage.py verify_chain` every week.")
    return ok("Every log was verified lately, and held.")


def reports() -> Found:
    """A page can be laid out as PDF, with the libraries and fonts of this machine."""
    mend = f"Install what lays reports out; on Debian: apt-get install {LIBRARIES}"
    try:
        with Renderer(seconds=30) as renderer:
            done = renderer.render(PAGE, {})
    except NotRendered as refusal:
        return fail(refusal.message, mend)
    return ok(f"A page was laid out ({len(done.pdf)} bytes).")


def static_files() -> Found:
    """Style and icons are found."""
    absent = [name for name in ("assay.css", "icons.svg") if finders.find(name) is None]
    if absent:
        return fail(f"{', '.join(absent)} cannot be found.", "Install the whole release: static/ is a part of it.")
    return ok("Style and icons are there.")


CHECKS = (sealing, verified, reports, static_files)
