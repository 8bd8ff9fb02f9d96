"""Which files of the lake count, and for whom; how a sender's headings were understood; which villages exist."""

from __future__ import annotations

from collections.abc import Iterable

from shouwang.regions.models import Level, Region

from .models import BatchState, LakeFile, RememberedHeadings


def lake_files(*, county_code: str, datasets: Iterable[str]) -> list[LakeFile]:
    """The files of batches in force for one county, oldest period first and within it in the order of arrival."""
    return list(
        LakeFile.objects.filter(region_code=county_code, dataset__in=list(datasets), batch__state=BatchState.APPLIED)
        .select_related("batch")
        .order_by("dataset", "period", "batch_id", "id")
    )


def remembered_headings(*, dataset: str, sender: str) -> dict[str, str]:
    """来文列名 → 标准列名 as decided before for this sender; an empty name means that the column is not wanted."""
    return dict(RememberedHeadings.objects.filter(dataset=dataset, sender=sender).values_list("heading", "column"))


def villages_in_force() -> list[str]:
    """The 12-digit codes of all villages that exist today."""
    return list(Region.objects.filter(level=Level.VILLAGE, valid_to=None).values_list("code", flat=True))
