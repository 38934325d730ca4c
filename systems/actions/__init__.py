"""The verbs of the registry."""

from systems.actions.edit import edit_system
from systems.actions.move import move_stage
from systems.actions.register import register
from systems.actions.register_all import Newcomer, register_all
from systems.actions.rely import rely_on, stop_relying
from systems.actions.say_scope import say_scope

__all__ = ["Newcomer", "edit_system", "move_stage", "register", "register_all", "rely_on", "say_scope", "stop_relying"]
