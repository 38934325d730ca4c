"""When a risk counts as treated (6.1.3), said once for rows and once for the database.

Reduced by a control, or by a plan in words that has a date; avoided or shared by a date. What is retained is settled by
nothing but its acceptance, whatever controls are named beside it.
"""

from django.db.models import Exists, Q

from assessments.models import Option, Risk

PASSED_ON = (Option.AVOID, Option.SHARE)


def is_treated(row: Risk, *, has_control: bool) -> bool:
    """Whether something is done about a risk, apart from its acceptance."""
    if row.option == Option.RETAIN:
        return False
    is_dated = bool(row.due_on or row.done_on)
    by_plan = row.option == Option.MODIFY and bool(row.plan)
    return has_control or (is_dated and (by_plan or row.option in PASSED_ON))


def treated(by_control: Exists) -> Q:
    """The same as a condition on risks; `by_control` is whether a control is named that was not withdrawn."""
    is_dated = Q(due_on__isnull=False) | Q(done_on__isnull=False)
    by_plan = Q(option=Option.MODIFY) & ~Q(plan="")
    return ~Q(option=Option.RETAIN) & (by_control | (is_dated & (by_plan | Q(option__in=PASSED_ON))))
