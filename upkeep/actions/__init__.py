"""The verbs of keeping an installation going."""

from upkeep.actions.settle_mail import Fate, settle_mail
from upkeep.actions.settle_work import NotNow, give_up, retry
from upkeep.actions.tell import tell_stewards

__all__ = ["Fate", "NotNow", "give_up", "retry", "settle_mail", "tell_stewards"]
