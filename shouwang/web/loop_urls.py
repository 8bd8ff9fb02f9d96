"""Addresses of what surrounds the cases: pushes, natural changes, responsibilities, samples, events, lists, metrics."""

from django.urls import path

from .views import changes, department_lists, events, metrics, pushes, responsibilities, samples

urlpatterns = [
    path("pushes", pushes.pushes, name="pushes"),
    path("pushes/batch/<int:batch_id>", pushes.push, name="push_batch"),
    path("pushes/<int:push_id>", pushes.one, name="push"),
    path("pushes/<int:push_id>/rows", pushes.rows, name="push_rows"),
    path("pushes/<int:push_id>/file", pushes.file, name="push_file"),
    path("metrics", metrics.metrics, name="metrics"),
    path("metrics/leads", metrics.rows, name="metric_rows"),
    path("metrics/file", metrics.file, name="metrics_file"),
    path("samples", samples.samples, name="samples"),
    path("samples/<int:draw_id>", samples.sample, name="sample"),
    path("samples/<int:draw_id>/file", samples.file, name="sample_file"),
    path("samples/cases/<int:sampled_id>", samples.check, name="sample_check"),
    path("responsibilities", responsibilities.responsibilities, name="responsibilities"),
    path("responsibilities/households", responsibilities.gaps, name="responsibility_gaps"),
    path("responsibilities/households/file", responsibilities.gaps_file, name="responsibility_gaps_file"),
    path("responsibilities/hand-over", responsibilities.hand_over, name="hand_over"),
    path("responsibilities/upload", responsibilities.upload, name="responsibility_upload"),
    path("responsibilities/blank", responsibilities.blank, name="responsibility_blank"),
    path("changes", changes.changes, name="changes"),
    path("changes/generate", changes.generate, name="changes_generate"),
    path("changes/file", changes.file, name="changes_file"),
    path("changes/<int:change_id>", changes.change, name="change"),
    path("events", events.events, name="events"),
    path("events/new", events.new, name="event_new"),
    path("events/<int:event_id>", events.event, name="event"),
    path("events/<int:event_id>/households", events.screening, name="event_screening"),
    path("events/<int:event_id>/file", events.file, name="event_file"),
    path("lists", department_lists.lists, name="lists"),
    path("lists/new", department_lists.send, name="list_send"),
    path("lists/<int:list_id>", department_lists.one, name="department_list"),
    path("lists/<int:list_id>/file", department_lists.file, name="department_list_file"),
]
