"""Add a policy of one's own, once it is seen to be one."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from ledger.actions import record
from ledger.change import Change
from policies.engine import NoEngine, Source, inspect
from policies.events import WRITTEN
from policies.metadata import Metadata, metadata_of
from policies.models import Policy, PolicyVersion
from policies.permissions import may_write
from policies.ports import tell_of_policies

NAME = re.compile(r"(?!new$)[a-z][a-z0-9_-]{0,79}")
NOTE = 2_000


class NotUsable(Refusal):
    """The text is no policy that can be used."""

    field = "text"


@dataclass(frozen=True, slots=True)
class Examined:
    """A text that can be used, its package and what it says about itself."""

    text: str
    package: str
    metadata: Metadata

    @property
    def sha256(self) -> str:
        """The digest of the text, hex."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def facts(self) -> dict[str, Any]:
        """What the row says of the version in force."""
        about = self.metadata
        controls = list(about.controls)
        return {
            "package": self.package,
            "title": about.title,
            "controls": controls,
            "due_from": about.due_from,
            "severity": about.severity,
        }


def examine(name: str, text: str) -> Examined:
    """Refuse a text that does not compile, asks for what no policy may, denies nothing, or says nothing of itself.

    It starts a child, so it is called before a transaction begins.
    """
    text = text.replace("\r\n", "\n").strip() + "\n"
    source = Source(name if name.endswith(".rego") else f"{name}.rego", text)
    try:
        told = inspect(source)
    except NoEngine as error:
        raise NotUsable(str(error)) from error
    metadata = metadata_of(text)
    wrong = [
        *(
            _("Line %(line)d: %(words)s") % {"line": each.line, "words": each.words} if each.line else each.words
            for each in told.faults
        ),
        *metadata.lacks,
    ]
    if not wrong and not told.packages:
        wrong = [_("It has no rule named deny, so it would pass everything.")]
    if wrong:
        raise NotUsable(" ".join(wrong))
    return Examined(text, told.about[source.name], metadata)


def write_policy(name: str, text: str, *, note: str = "", actor: Actor) -> Policy:
    """Add a policy with its first version; it is on at once."""
    require(may_write(actor), _("Policies are written by a compliance officer or an administrator."))
    name = name.strip()
    if not NAME.fullmatch(name):
        raise NotUsable(_("Use small letters, digits, hyphens and underscores, such as vendor_region."), field="name")
    return _add(name, examine(name, text), note.strip()[:NOTE], actor)


@transaction.atomic
def _add(name: str, examined: Examined, note: str, actor: Actor) -> Policy:
    hold_names_apart(name, examined.package)
    row = Policy(aims_id=current_aims_id(), name=name, **examined.facts)
    change = Change.new(row)
    change.save(actor=actor, reason=note)
    version = add_version(row, examined, note=note, actor=actor)
    record(WRITTEN, row, actor=actor, change=change, reason=note, after_hash=version.sha256)
    tell_of_policies(actor)
    return row


def hold_names_apart(name: str, package: str, pk: int | None = None) -> None:
    """Refuse a name or a package that another policy of the AIMS has."""
    others = Policy.objects.exclude(pk=pk or 0)
    if others.filter(name=name).exists():
        raise NotUsable(_("There is a policy named %s already.") % name, field="name")
    taken = others.filter(package=package).first()
    if taken:
        words = _("The package %(package)s is that of %(name)s. Choose another, or write a new version of that policy.")
        raise NotUsable(words % {"package": package, "name": taken.name})


def add_version(row: Policy, examined: Examined, *, note: str, actor: Actor, is_shipped: bool = False) -> PolicyVersion:
    """Write the text as the version in force."""
    version = PolicyVersion(
        aims_id=row.aims_id,
        policy=row,
        number=row.number,
        text=examined.text,
        sha256=examined.sha256,
        is_shipped=is_shipped,
        by_id=actor.user_id,
        at=clock.now(),
        note=note,
    )
    version.save()
    return version
