"""Addresses of the registers (台账)."""

from django.urls import path

from .views import register_files, register_rows, registers

urlpatterns = [
    path("registers", registers.registers, name="registers"),
    path("registers/<slug:code>", registers.register, name="register"),
    path("registers/<slug:code>/find", registers.find, name="register_find"),
    path("registers/<slug:code>/missing/<slug:name>", registers.missing, name="register_missing"),
    path("registers/<slug:code>/new", register_rows.new, name="register_new"),
    path("registers/<slug:code>/template", register_files.template, name="register_template"),
    path("registers/<slug:code>/files", register_files.upload, name="register_upload"),
    path("registers/<slug:code>/files/take-in", register_files.take_in, name="register_take_in"),
    path("registers/<slug:code>/files/<int:batch_id>/revert", register_files.revert, name="register_revert"),
    path("registers/<slug:code>/files/<int:batch_id>/refused", register_files.refused_file, name="register_refused"),
    path("registers/<slug:code>/<int:row_id>", register_rows.row, name="register_row"),
    path("registers/<slug:code>/<int:row_id>/<str:verb>", register_rows.act, name="register_act"),
]
