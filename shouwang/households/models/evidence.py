"""Pictures that belong to a step of a lead or case: the notice on the wall, the family's signature, what was seen."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from shouwang.casework.models import Event

NOTICE, SIGNATURE, SITE = "notice", "signature", "site"
KINDS = ((NOTICE, "公示照片"), (SIGNATURE, "签字照片"), (SITE, "现场照片"))


class StepPhoto(models.Model):
    """One picture of a step that was taken; no step needs one. Kept encrypted, with nothing in it but the picture."""

    id = models.UUIDField("编号", primary_key=True, default=uuid.uuid4)
    event = models.ForeignKey(Event, models.PROTECT, related_name="photos", verbose_name="办理记录")
    kind = models.CharField("种类", max_length=10, choices=KINDS)
    region_code = models.CharField("村", max_length=12)
    digest = models.CharField("指纹", max_length=64)
    size = models.PositiveIntegerField("字节")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁")
    received_at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = "办理照片"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "digest"], name="step_photo_once", violation_error_message="这张照片已经有了"
            )
        ]
