"""Addresses of the machine interface, below /api/app/."""

from django.urls import path

from . import views

urlpatterns = [
    path("state", views.state, name="app_state"),
    path("device", views.device, name="app_device"),
    path("leave", views.leave, name="app_leave"),
    path("wiped", views.wiped, name="app_wiped"),
    path("packet", views.packet, name="app_packet"),
    path("outbox", views.outbox, name="app_outbox"),
    path("photo", views.photo, name="app_photo"),
]
