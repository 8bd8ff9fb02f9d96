"""Addresses of what keeps the work moving: reminders, the forecast, supervision, inspections, the units of an event."""

from django.urls import path

from .views import event_triggers, event_units, inspections, reminders, supervisions

urlpatterns = [
    path("reminders", reminders.reminders, name="reminders"),
    path("reminders/forecast", reminders.forecast, name="forecast"),
    path("supervisions", supervisions.supervisions, name="supervisions"),
    path("supervisions/<int:supervision_id>", supervisions.supervision, name="supervision"),
    path("supervisions/<int:supervision_id>/paper.<str:file_format>", supervisions.paper, name="supervision_paper"),
    path("inspections", inspections.inspections, name="inspections"),
    path("inspections/<int:inspection_id>", inspections.inspection, name="inspection"),
    path("inspections/<int:inspection_id>/file", inspections.file, name="inspection_file"),
    path(
        "inspections/<int:inspection_id>/bulletin.<str:file_format>", inspections.bulletin, name="inspection_bulletin"
    ),
    path("inspections/sheets/<int:item_id>", inspections.sheet, name="inspection_sheet"),
    path("events/<int:event_id>/units", event_units.event_units, name="event_units"),
    path("events/triggers", event_triggers.triggers, name="event_triggers"),
    path("events/triggers/<str:county_code>/prices", event_triggers.prices, name="event_prices"),
    path("events/triggers/<str:county_code>/unemployed", event_triggers.unemployed, name="event_unemployed"),
    path("events/triggers/<str:county_code>/reported/<str:kind>", event_triggers.reported, name="event_reported"),
]
