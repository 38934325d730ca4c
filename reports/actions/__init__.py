"""The verbs of handing over: ask, cancel, complete, download."""

from reports.actions.ask import ask_report
from reports.actions.cancel import cancel_report
from reports.actions.complete import complete_report
from reports.actions.download import download_report

__all__ = ["ask_report", "cancel_report", "complete_report", "download_report"]
