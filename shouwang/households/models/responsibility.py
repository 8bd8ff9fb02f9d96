"""Who looks after which household, from when to when."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.registry.models import Household

GRID_WORKER, CONTACT, SUPPORT_PERSON = "grid_worker", "contact", "support_person"
KINDS = ((GRID_WORKER, "网格员"), (CONTACT, "监测联系人"), (SUPPORT_PERSON, "帮扶责任人"))


class Responsibility(models.Model):
    """One person for one household in one capacity; a change ends one line and begins another. The term is half-open:
    ``until_on`` is the first day on which somebody else looks after the household, or nobody."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="responsibilities", verbose_name="农户")
    region_code = models.CharField("村", max_length=12)
    kind = models.CharField("职责", max_length=20, choices=KINDS)
    staff = models.ForeignKey("organisation.StaffMember", models.PROTECT, related_name="+", verbose_name="责任人")
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, help_text="空：在任；不含这一天")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "责任关系"
        constraints = [
            models.UniqueConstraint(
                fields=["household", "kind"],
                condition=models.Q(until_on=None),
                name="one_person_per_household_and_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")),
                name="responsibility_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["staff", "kind"], condition=models.Q(until_on=None), name="responsibility_by_staff"),
            # sums of a place, and whether a household is looked after, read these alone
            models.Index(
                fields=["region_code", "kind", "staff", "from_on", "until_on", "household"], name="responsibility_list"
            ),
            models.Index(fields=["household", "kind", "from_on", "until_on", "staff"], name="responsibility_held"),
        ]
