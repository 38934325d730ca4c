"""The verbs of handing over: ask, cancel, complete, download, and those of the certificate that signs."""

from reports.actions.ask import ask_judgement, ask_report
from reports.actions.cancel import cancel_report
from reports.actions.complete import complete_report
from reports.actions.download import download_report
from reports.actions.identity import signing_identity
from reports.actions.replace import renew_identity, replace_identity

__all__ = [
    "ask_judgement",
    "ask_report",
    "cancel_report",
    "complete_report",
    "download_report",
    "renew_identity",
    "replace_identity",
    "signing_identity",
]
