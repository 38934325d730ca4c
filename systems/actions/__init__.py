"""The registry's verbs."""

from systems.actions.advise import advise
from systems.actions.ask import Condition, Thought, ask_move
from systems.actions.change_places import change_places
from systems.actions.conditions import meet_condition
from systems.actions.edit import edit_system
from systems.actions.move import move_stage
from systems.actions.refuse import refuse_move, withdraw_move
from systems.actions.register import register
from systems.actions.register_all import Newcomer, register_all
from systems.actions.rely import rely_on, stop_relying
from systems.actions.rules import end_function, name_function, set_rule
from systems.actions.say_scope import say_scope
from systems.actions.say_scope_of_many import say_scope_of_many
from systems.actions.sign import sign_move
from systems.actions.state_completeness import state_completeness, withdraw_completeness
from systems.actions.tell_of_completeness import tell_of_completeness

__all__ = [
    "Condition",
    "Newcomer",
    "Thought",
    "advise",
    "ask_move",
    "change_places",
    "edit_system",
    "end_function",
    "meet_condition",
    "move_stage",
    "name_function",
    "refuse_move",
    "register",
    "register_all",
    "rely_on",
    "say_scope",
    "say_scope_of_many",
    "set_rule",
    "sign_move",
    "state_completeness",
    "stop_relying",
    "tell_of_completeness",
    "withdraw_completeness",
    "withdraw_move",
]
