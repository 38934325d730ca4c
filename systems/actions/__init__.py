"""The verbs of the registry."""

from systems.actions.edit import edit_system
from systems.actions.move import move_stage
from systems.actions.register import register
from systems.actions.rely import rely_on, stop_relying
from systems.actions.say_scope import say_scope

__all__ = ["edit_system", "move_stage", "register", "rely_on", "say_scope", "stop_relying"]
