"""The room's registration with Django."""

from datetime import timedelta

from django.apps import AppConfig


class SoaConfig(AppConfig):
    """What we decided."""

    name = "soa"

    def ready(self) -> None:
        """Let the database keep what was frozen and approved; look again at exclusions when systems change."""
        from aims.ports import Described, Rescoped, hears_of, shares  # noqa: PLC0415  (models load after the apps)
        from assessments.ports import hears_of_reliance, tells_shortcomings  # noqa: PLC0415
        from changes.ports import touches  # noqa: PLC0415
        from jobs.registry import every  # noqa: PLC0415
        from ledger import guards  # noqa: PLC0415
        from soa import hearing, standing  # noqa: PLC0415
        from soa.actions.expire import expire_all  # noqa: PLC0415
        from soa.models import StatementVersion  # noqa: PLC0415
        from soa.shared import VERSIONS  # noqa: PLC0415
        from soa.touched import entries_touched  # noqa: PLC0415
        from systems.ports import hears_of_edits, hears_of_scope  # noqa: PLC0415

        guards.keep(StatementVersion, "body", "digest")
        shares(VERSIONS)
        touches(entries_touched)
        hears_of_edits(hearing.on_edit)
        hears_of_scope(hearing.on_scope)
        hears_of(Rescoped, hearing.on_rescoped)
        hears_of(Described, hearing.on_described)
        hears_of_reliance(hearing.on_reliance)
        tells_shortcomings(standing.shortcoming, standing.told)
        every(timedelta(days=1), "soa.exclusions", expire_all)
