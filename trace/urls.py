"""Addresses of this room."""

from django.urls import URLPattern, path

from trace import views, views_erase, views_log, views_proof

app_name = "trace"
urlpatterns: list[URLPattern] = [
    path("", views.records, name="records"),
    path("<int:number>/", views.record, name="record"),
    path("trace/", views.lineage, name="lineage"),
    path("<int:number>/proof/", views_proof.proof, name="proof"),
    path("<int:number>/json/", views_proof.raw, name="raw"),
    path("<int:number>/erase/", views_erase.erase, name="erase"),
    path("verify/", views.verify, name="verify"),
    path("verification/", views.verification, name="verification"),
    path("sign/", views_proof.sign, name="sign"),
    path("export/", views.export, name="export"),
    path("anchors/", views_log.anchors, name="anchors"),
    path("anchors/send/", views_log.send, name="send"),
    path("anchors/rotate/", views_log.rotate, name="rotate"),
    path("anchors/resume/", views_log.resume, name="resume"),
    path("anchors/set-aside/<uuid:event_id>/", views_log.leave_out, name="set_aside"),
    path("checkpoints/<int:size>/", views_proof.checkpoint, name="checkpoint"),
    path("checkpoints/<int:size>/timestamp/", views_proof.token, name="token"),
]
