"""The verbs of sections: answer, remark, settle, name and withdraw a co-author."""

from assessments.sections.actions.answer import answer_question, prefill_answers
from assessments.sections.actions.authors import name_co_author, withdraw_co_author
from assessments.sections.actions.comment import comment_on, settle_comment

__all__ = [
    "answer_question",
    "comment_on",
    "name_co_author",
    "prefill_answers",
    "settle_comment",
    "withdraw_co_author",
]
