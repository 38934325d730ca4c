"""The room's registration with Django."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class TraceConfig(AppConfig):
    """How it hangs together."""

    name = "trace"

    def ready(self) -> None:
        """Register what the verification job does, where references lead, what the rooms before froze, and lineage.

        Commands and workers tell records too, so every room's events are declared here and not by its addresses only.
        """
        from jobs import registry  # noqa: PLC0415  (models are not loaded when this module is)
        from trace import deep, ports, verifying  # noqa: PLC0415
        from trace.lineage import providers  # noqa: PLC0415

        autodiscover_modules("events")
        registry.handles(verifying.KIND, verifying.work, verifying.finish)
        ports.register_defaults()
        providers.register_defaults()
        for check in (deep.versions, deep.assessments, deep.evidence):
            ports.checks_deep(check)
