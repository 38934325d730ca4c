"""The verbs of evidence."""

from evidence.actions.check import NotRunning, ask_for_check, note_check, stop_check
from evidence.actions.content import Content, NotGivable, too_many_files
from evidence.actions.edit import edit_evidence
from evidence.actions.examine import NoScanner, scan_again
from evidence.actions.expect import expect_evidence
from evidence.actions.give import give_each, give_evidence
from evidence.actions.link import NotLinkable, link_evidence, withdraw_link
from evidence.actions.read import Gone, Quarantined, record_read
from evidence.actions.renew import give_version
from evidence.actions.review import NotReviewable, ask_for_review, confirm_review, draft_review
from evidence.actions.suggest import NotOpen, accept_suggestion, refuse_suggestion
from evidence.actions.withdraw import withdraw_evidence

__all__ = [
    "Content",
    "Gone",
    "NoScanner",
    "NotGivable",
    "NotLinkable",
    "NotOpen",
    "NotReviewable",
    "NotRunning",
    "Quarantined",
    "accept_suggestion",
    "ask_for_check",
    "ask_for_review",
    "confirm_review",
    "draft_review",
    "edit_evidence",
    "expect_evidence",
    "give_each",
    "give_evidence",
    "give_version",
    "link_evidence",
    "note_check",
    "record_read",
    "refuse_suggestion",
    "scan_again",
    "stop_check",
    "too_many_files",
    "withdraw_evidence",
    "withdraw_link",
]
