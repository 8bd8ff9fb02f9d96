"""Addresses of what keeps the work moving: reminders, the forecast, supervision."""

from django.urls import path

from .views import reminders, supervisions

urlpatterns = [
    path("reminders", reminders.reminders, name="reminders"),
    path("reminders/forecast", reminders.forecast, name="forecast"),
    path("supervisions", supervisions.supervisions, name="supervisions"),
    path("supervisions/<int:supervision_id>", supervisions.supervision, name="supervision"),
    path("supervisions/<int:supervision_id>/paper.<str:file_format>", supervisions.paper, name="supervision_paper"),
]
