"""The verbs of what systems are judged by."""

from policies.actions.revise import revise_policy
from policies.actions.ship import load_shipped
from policies.actions.switch import switch_policy
from policies.actions.write import NotUsable, examine, write_policy

__all__ = ["NotUsable", "examine", "load_shipped", "revise_policy", "switch_policy", "write_policy"]
