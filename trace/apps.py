"""The room's registration with Django."""

from django.apps import AppConfig


class TraceConfig(AppConfig):
    """How it hangs together."""

    name = "trace"

    def ready(self) -> None:
        """Register what the verification job does, where references lead, and what the rooms before it froze."""
        from jobs import registry  # noqa: PLC0415  (models are not loaded when this module is)
        from trace import deep, ports, verifying  # noqa: PLC0415

        registry.handles(verifying.KIND, verifying.work, verifying.finish)
        ports.register_defaults()
        for check in (deep.versions, deep.assessments, deep.evidence):
            ports.checks_deep(check)
