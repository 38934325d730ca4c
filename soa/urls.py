"""Addresses of the statement."""

from django.urls import path, register_converter

from soa.views import applies, board, bulk, entry, intake, renewal, versions


class ControlConverter:
    """The id of a control: A.6.2.4 or ORG.1."""

    regex = r"A(?:\.\d{1,3}){2,4}|ORG\.\d{1,4}"

    def to_python(self, value: str) -> str:
        """Return the id as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return the id as it is."""
        return value


register_converter(ControlConverter, "control")

app_name = "soa"
urlpatterns = [
    path("", board.workbench, name="workbench"),
    path("open/", board.open_soa, name="open"),
    path("checks/", board.checks, name="checks"),
    path("applies/", applies.applies, name="applies"),
    path("take/", bulk.take, name="take"),
    path("renew/", renewal.renew, name="renew"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("area/", bulk.area, name="area"),
    path("own/", bulk.own_control, name="own"),
    path("import/", intake.upload, name="import"),
    path("import/<int:pk>/", intake.preview, name="intake"),
    path("export.<str:form>", intake.export, name="export"),
    path("submit/", versions.submit_draft, name="submit"),
    path("versions/", versions.versions, name="versions"),
    path("versions/<int:pk>/", versions.version, name="version"),
    path("versions/<int:pk>/approve/", versions.approve_submitted, name="approve"),
    path("versions/<int:pk>/return/", versions.return_submitted, name="return"),
    path("compare/", versions.compare, name="compare"),
    path("<control:code>/", entry.entry, name="entry"),
    path("<control:code>/decide/", entry.decide_row, name="decide"),
    path("<control:code>/undo/", entry.undo_row, name="undo"),
    path("<control:code>/row/", entry.row, name="row"),
    path("<control:code>/systems/<str:system_code>/", entry.system, name="system"),
]
