"""The verbs of saved views. They hold no governed fact, so nothing is recorded, and a view that is gone is gone."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from aims.models import SavedView, ViewDefault
from aims.permissions import may_change_view, may_keep_views, may_share_views
from aims.saved import LONGEST, pages, seen_by

MOST = 50
SHARING = "Views are shared by compliance officers and administrators."


class NotKept(Refusal):
    """The view cannot be kept so; the message says what to do."""


@transaction.atomic
def save_view(page: str, name: str, query: str, *, is_shared: bool = False, actor: Actor) -> SavedView:
    """Keep what a list page shows now under a name, for oneself or for everybody of the AIMS."""
    require(may_keep_views(actor), _("Views are kept by people."))
    require(not is_shared or may_share_views(actor), _(SHARING))
    if page not in pages():
        raise NotKept(_("This page keeps no views."), field="page")
    if len(query) > LONGEST:
        raise NotKept(_("These filters are too long to be kept."), field="query")
    mine = SavedView.objects.filter(owner_id=actor.user_id or 0, page=page)
    if mine.count() >= MOST:
        raise NotKept(_("You have %(n)s views of this page. Delete one first.") % {"n": MOST}, field="name")
    row = SavedView(
        aims_id=current_aims_id(),
        owner_id=actor.user_id or 0,
        page=page,
        name=_name(name, page, actor),
        query=query,
        is_shared=is_shared,
        saved_at=clock.now(),
    )
    row.save()
    return row


@transaction.atomic
def change_view(view: SavedView, *, name: str, is_shared: bool, actor: Actor) -> SavedView:
    """Call a view otherwise, share it, or keep it to oneself; one's own, or a shared one as a steward."""
    require(may_change_view(actor, view))
    row = SavedView.objects.select_for_update().get(pk=view.pk)
    require(is_shared == row.is_shared or may_share_views(actor), _(SHARING))
    row.name, row.is_shared = _name(name, row.page, actor, row), is_shared
    row.save(update_fields=["name", "is_shared"])
    return row


@transaction.atomic
def begin_with(view: SavedView, *, actor: Actor) -> ViewDefault:
    """Open a page with this view from now on, for oneself."""
    require(may_keep_views(actor) and seen_by(actor).filter(pk=view.pk).exists())
    key: dict[str, Any] = {"aims_id": view.aims_id, "user_id": actor.user_id, "page": view.page}
    row, _is_new = ViewDefault.objects.update_or_create(**key, defaults={"view": view})
    return row


@transaction.atomic
def begin_with_all(page: str, *, actor: Actor) -> None:
    """Open a page with every row again, for oneself."""
    require(may_keep_views(actor))
    ViewDefault.objects.filter(user_id=actor.user_id or 0, page=page).delete()


@transaction.atomic
def delete_view(view: SavedView, *, actor: Actor) -> None:
    """Delete a view, and whoever began with it begins with every row again."""
    require(may_change_view(actor, view))
    ViewDefault.objects.filter(view=view).delete()
    SavedView.objects.filter(pk=view.pk).delete()


def _name(name: str, page: str, actor: Actor, row: SavedView | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise NotKept(_("Say what the view is called."), field="name")
    if len(name) > 60:
        raise NotKept(_("A name has at most 60 characters."), field="name")
    owner = row.owner_id if row else actor.user_id or 0
    others = SavedView.objects.filter(owner_id=owner, page=page, name=name)
    if others.exclude(pk=row.pk if row else 0).exists():
        raise NotKept(_("There is a view of this name already. Choose another."), field="name")
    return name
