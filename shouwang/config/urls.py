"""Every address of the program."""

from django.urls import include, path

urlpatterns = [
    path("api/app/", include("shouwang.api.urls")),
    path("", include("shouwang.web.urls")),
]
