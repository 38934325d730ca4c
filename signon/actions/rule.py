"""Say whether members come in by a provider only."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import require
from aims.models import Aims
from ledger.actions import record
from ledger.change import Change, hold_apart
from signon.actions.add_provider import WHO, NotProvidable
from signon.events import RULED
from signon.models import Identity, Rule
from signon.permissions import may_configure
from signon.queries import ready_providers


@transaction.atomic
def set_rule(*, is_required: bool, seen: int, actor: Actor) -> Rule:
    """Require single sign-on, or end that; `seen` is 0 for the first rule. An untried provider locks nobody out."""
    aims = Aims.objects.select_for_update().get(pk=current_aims_id())
    require(may_configure(actor, aims), WHO)
    row = Rule.objects.first()
    if row is not None:
        hold_apart(row, seen)
    ready = ready_providers()
    if is_required and not Identity.objects.filter(provider__in=ready, unlinked_at__isnull=True).exists():
        words = _("Nobody is linked to a provider yet. Link your own sign-in first: then you know that it works.")
        raise NotProvidable(words, field="is_required")
    change = Change.of(row, is_required=is_required) if row else Change.new(Rule(aims=aims, is_required=is_required))
    if change:
        change.save(actor=actor)
        record(RULED, change.row, actor=actor, change=change)
    return Rule.objects.get()
