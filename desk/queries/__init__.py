"""Questions that the desk answers: what a person owes, and how the AIMS stands."""

from desk.queries.tasks import MyTask, MyTasks, my_tasks

__all__ = ["MyTask", "MyTasks", "my_tasks"]
