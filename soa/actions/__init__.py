"""The verbs of the statement."""

from soa.actions.amend import amend
from soa.actions.approve import approve
from soa.actions.bring import plan_of, read_in, take_in
from soa.actions.bulk import confirm_area, in_bulk
from soa.actions.decide import decide
from soa.actions.effect import record_effectiveness
from soa.actions.expire import expire_exclusions
from soa.actions.open import open_statement
from soa.actions.own import add_own_control
from soa.actions.per_system import decide_for_system
from soa.actions.renew import renew_exclusions
from soa.actions.save import save_row
from soa.actions.submit import return_version, submit
from soa.actions.take import take_drivers
from soa.actions.undo import undo

__all__ = [
    "add_own_control",
    "amend",
    "approve",
    "confirm_area",
    "decide",
    "decide_for_system",
    "expire_exclusions",
    "in_bulk",
    "open_statement",
    "plan_of",
    "read_in",
    "record_effectiveness",
    "renew_exclusions",
    "return_version",
    "save_row",
    "submit",
    "take_drivers",
    "take_in",
    "undo",
]
