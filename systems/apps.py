"""The room's registration with Django."""

from django.apps import AppConfig


class SystemsConfig(AppConfig):
    """What AI we run."""

    name = "systems"

    def ready(self) -> None:
        """Derive what follows from a record at every edit, and from all of them when the rules are new."""
        from jobs.registry import at_start  # noqa: PLC0415  (models load after the apps)
        from systems.applying.actions import derive_all, on_edit  # noqa: PLC0415
        from systems.applying.linked import facts  # noqa: PLC0415
        from systems.ports import hears_of_edits, tells_facts  # noqa: PLC0415

        hears_of_edits(on_edit)
        tells_facts(facts)
        at_start("systems.derive", derive_all)
