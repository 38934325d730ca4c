"""The queue that wakes jobs; the job table stays the truth (see jobs/)."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("assay")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_log(**_signal: object) -> None:
    """Leave the log as the settings make it: a worker logs in the same form as the web server."""
