"""The room's registration with Django."""

from django.apps import AppConfig


class TraceConfig(AppConfig):
    """How it hangs together."""

    name = "trace"

    def ready(self) -> None:
        """Register what the verification job does and where references lead."""
        from jobs import registry  # noqa: PLC0415  (models are not loaded when this module is)
        from trace import ports, verifying  # noqa: PLC0415

        registry.handles(verifying.KIND, verifying.work, verifying.finish)
        ports.register_defaults()
