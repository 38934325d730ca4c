"""The verbs of the management system."""

from aims.actions.accept_invitation import accept_invitation
from aims.actions.deputy import end_deputy, name_deputy
from aims.actions.describe import Description, describe
from aims.actions.edit_obligation import edit_obligation
from aims.actions.found import found
from aims.actions.grant import grant, revoke
from aims.actions.invite import complete_invitation, invite
from aims.actions.invite_owner import invite_owner_by_name
from aims.actions.issue_token import issue_token
from aims.actions.join_by_provider import join_by_provider
from aims.actions.oblige import Duty, oblige
from aims.actions.revoke_token import revoke_token
from aims.actions.seat import Seat, date_seat, give_seat
from aims.actions.set_criteria import set_criteria
from aims.actions.share import share, unshare
from aims.actions.state_scope import Scope, state_scope
from aims.actions.views import begin_with, begin_with_all, change_view, delete_view, save_view
from aims.actions.withdraw_obligation import withdraw_obligation

__all__ = [
    "Description",
    "Duty",
    "Scope",
    "Seat",
    "accept_invitation",
    "begin_with",
    "begin_with_all",
    "change_view",
    "complete_invitation",
    "date_seat",
    "delete_view",
    "describe",
    "edit_obligation",
    "end_deputy",
    "found",
    "give_seat",
    "grant",
    "invite",
    "invite_owner_by_name",
    "issue_token",
    "join_by_provider",
    "name_deputy",
    "oblige",
    "revoke",
    "revoke_token",
    "save_view",
    "set_criteria",
    "share",
    "state_scope",
    "unshare",
    "withdraw_obligation",
]
