"""Every address of the program."""

from django.urls import include, path

urlpatterns = [path("", include("shouwang.web.urls"))]
