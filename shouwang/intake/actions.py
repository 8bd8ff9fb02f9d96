"""Writes at the door: how a sender's headings were understood, and what became of a batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from shouwang.foundation.errors import UserError
from shouwang.organisation.models import Account

from .models import Batch, BatchState, RememberedHeadings


def remember_headings(*, dataset: str, sender: str, mapping: Mapping[str, str], by: Account | None) -> None:
    """Keeps 来文列名 → 标准列名 for this sender (empty: not wanted), so that the question is asked once."""
    with transaction.atomic():
        for heading, column in mapping.items():
            RememberedHeadings.objects.update_or_create(
                dataset=dataset, sender=sender, heading=heading.strip(), defaults={"column": column.strip()}
            )


def mapping_of(texts: tuple[str, ...] | list[str]) -> dict[str, str]:
    """Reads “来文列名=标准列名” as given on the command line. Raises UserError for anything else."""
    mapping = {}
    for text in texts:
        heading, equals, column = text.rpartition("=")
        if not equals or not heading.strip():
            raise UserError(
                f"“{text}”无法识别", next_step='请写成 --map "来文列名=标准列名"；等号后留空表示不要这一列。'
            )
        mapping[heading.strip()] = column.strip()
    return mapping


def refuse_batch(*, batch: Batch, reason: str, by: Account | None, now: dt.datetime) -> None:
    """The file as a whole is not taken: the batch stays in the record with its reason."""
    Batch.objects.filter(pk=batch.pk, state=BatchState.RECEIVED).update(
        state=BatchState.REFUSED, notices=[*batch.notices, reason]
    )
