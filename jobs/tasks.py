"""Celery's door to the job table: it takes an id and holds no logic."""

from celery import shared_task

from jobs.actions import run_job


@shared_task(name="jobs.tasks.run")
def run(job_id: int) -> None:
    """Run the job; a second wake-up finds nothing to claim."""
    run_job(job_id)
