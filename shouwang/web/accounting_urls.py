"""Addresses of what is accounted for: monthly reports and bulletins, returns, listed supervision, the archive against reality."""

from django.urls import path

from .views import archive, listings, monthly, returns

urlpatterns = [
    path("archive", archive.archive, name="archive"),
    path("archive/compare", archive.compare, name="archive_compare"),
    path("archive/file", archive.file, name="archive_file"),
    path("archive/<int:difference_id>/settle", archive.settle, name="archive_settle"),
    path("listings", listings.listings, name="listings"),
    path("listings/<int:listing_id>", listings.listing, name="listing"),
    path("listings/<int:listing_id>/<str:paper>.<str:file_format>", listings.paper, name="listing_paper"),
    path("monthly", monthly.monthly, name="monthly"),
    path("monthly/rows", monthly.rows, name="monthly_rows"),
    path("monthly/send", monthly.send, name="monthly_send"),
    path("monthly/<str:paper>.<str:file_format>", monthly.paper, name="monthly_paper"),
    path("returns", returns.returns, name="returns"),
    path("returns/measures", returns.measures, name="return_measures"),
    path("returns/<int:return_id>", returns.one, name="return"),
    path("returns/<int:return_id>/rows", returns.rows, name="return_rows"),
    path("returns/<int:return_id>/paper.<str:file_format>", returns.paper, name="return_paper"),
]
