"""The verbs of the registry."""

from systems.actions.change_places import change_places
from systems.actions.edit import edit_system
from systems.actions.move import move_stage
from systems.actions.register import register
from systems.actions.register_all import Newcomer, register_all
from systems.actions.rely import rely_on, stop_relying
from systems.actions.say_scope import say_scope
from systems.actions.say_scope_of_many import say_scope_of_many
from systems.actions.state_completeness import state_completeness, withdraw_completeness
from systems.actions.tell_of_completeness import tell_of_completeness

__all__ = [
    "Newcomer",
    "change_places",
    "edit_system",
    "move_stage",
    "register",
    "register_all",
    "rely_on",
    "say_scope",
    "say_scope_of_many",
    "state_completeness",
    "stop_relying",
    "tell_of_completeness",
    "withdraw_completeness",
]
