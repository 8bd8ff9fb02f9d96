"""Which files of the lake count, and for whom."""

from __future__ import annotations

from collections.abc import Iterable

from .models import BatchState, LakeFile


def lake_files(*, county_code: str, datasets: Iterable[str]) -> list[LakeFile]:
    """The files of batches in force for one county, oldest period first and within it in the order of arrival."""
    return list(
        LakeFile.objects.filter(region_code=county_code, dataset__in=list(datasets), batch__state=BatchState.APPLIED)
        .select_related("batch")
        .order_by("dataset", "period", "batch_id", "id")
    )
