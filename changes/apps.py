"""The room's registration with Django."""

from django.apps import AppConfig


class ChangesConfig(AppConfig):
    """What changes, what that demands and who answered for it."""

    name = "changes"

    def ready(self) -> None:
        """Judge every edit of the registry, keep the gates of use, and show a system's changes on its page."""
        from changes import evaluated, gate, linked  # noqa: PLC0415  (models load after the apps)
        from changes.actions import hear_edit, hear_edits  # noqa: PLC0415
        from changes.ports import tells_evaluations  # noqa: PLC0415
        from systems import ports  # noqa: PLC0415

        ports.hears_of_edits(hear_edit, of_many=hear_edits)
        ports.keeps_gate(gate.keep_gate)
        ports.shows_on_system(linked.changes_of)
        tells_evaluations(evaluated.evaluations)
