"""Units, posts and who holds them since when: the changes a person makes one at a time."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from shouwang.foundation import secrets
from shouwang.foundation.errors import UserError
from shouwang.regions import queries as regions

from . import audit, permits
from .models import Appointment, Post, StaffMember, Unit
from .roles import MANAGE_STAFF

if TYPE_CHECKING:
    from .models import Account

PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")


def create_unit(*, name: str, kind: str, region_code: str, department: str = "", by: Account | None) -> Unit:
    """Raises UserError where the name is taken or kind and department do not go together."""
    permits.require(by, MANAGE_STAFF, region_code)
    unit = Unit(name=name.strip(), kind=kind, department=department, region_code=regions.full_code(region_code))
    with transaction.atomic():
        _save(unit)
        _log(by, "登记单位", unit)
    return unit


def change_unit(*, unit: Unit, name: str, by: Account | None) -> Unit:
    """Another name; kind and place stay: a unit of elsewhere is another unit."""
    permits.require(by, MANAGE_STAFF, unit.region_code)
    unit.name = name.strip()
    with transaction.atomic():
        _save(unit)
        _log(by, "修改单位", unit)
    return unit


def close_unit(*, unit: Unit, on: dt.date, by: Account | None) -> None:
    """The unit is none from this day; its posts close and terms end with it. History stays."""
    permits.require(by, MANAGE_STAFF, unit.region_code)
    if unit.closed_on:
        raise UserError("这个单位已经撤销")
    with transaction.atomic():
        for appointment in Appointment.objects.filter(post__unit=unit, until_on__isnull=True):
            _end(appointment, on)
        Post.objects.filter(unit=unit, closed_on__isnull=True).update(closed_on=on)
        unit.closed_on = on
        unit.save(update_fields=["closed_on"])
        _log(by, "撤销单位", unit, detail={"on": on})


def create_post(*, unit: Unit, kind: str, title: str, responsibility: str = "", by: Account | None) -> Post:
    """定岗、定责: a post of a unit, vacant until somebody is appointed."""
    permits.require(by, MANAGE_STAFF, unit.region_code)
    if unit.closed_on:
        raise UserError("这个单位已经撤销，不能再设岗位")
    post = Post(unit=unit, kind=kind, title=title.strip(), responsibility=responsibility.strip())
    with transaction.atomic():
        _save(post)
        _log(by, "设置岗位", unit, detail={"post": post.pk})
    return post


def close_post(*, post: Post, on: dt.date, by: Account | None) -> None:
    """The post is none from this day; whoever holds it leaves it."""
    permits.require(by, MANAGE_STAFF, post.unit.region_code)
    with transaction.atomic():
        for appointment in post.appointments.filter(until_on__isnull=True):
            _end(appointment, on)
        Post.objects.filter(pk=post.pk, closed_on__isnull=True).update(closed_on=on)
        _log(by, "撤销岗位", post.unit, detail={"post": post.pk, "on": on})


def appoint(
    *,
    post: Post,
    from_on: dt.date,
    staff: StaffMember | None = None,
    name: str = "",
    sex: str = "",
    phone: str = "",
    by: Account | None,
) -> Appointment:
    """定人: somebody known, or a new member of staff by name. Others in the same post stay: their terms end by themselves."""
    permits.require(by, MANAGE_STAFF, post.unit.region_code)
    if post.closed_on or post.unit.closed_on:
        raise UserError("这个岗位已经撤销")
    with transaction.atomic():
        if staff is None:
            staff = StaffMember(name=clean_name(name), sex=sex)
            keep_phone(staff, phone)
            _save(staff)
        appointment = Appointment(post=post, staff=staff, from_on=from_on)
        _save(appointment)
        _log(by, "任职", post.unit, detail={"post": post.pk, "staff": staff.pk})
    return appointment


def end_appointment(*, appointment: Appointment, until_on: dt.date, by: Account | None) -> None:
    """``until_on`` is the first day on which the person no longer holds the post."""
    permits.require(by, MANAGE_STAFF, appointment.post.unit.region_code)
    if appointment.until_on:
        raise UserError("这段任职已经结束")
    with transaction.atomic():
        _end(appointment, until_on)
        _log(by, "离任", appointment.post.unit, detail={"post": appointment.post_id, "staff": appointment.staff_id})


def change_staff(*, staff: StaffMember, name: str, sex: str, phone: str | None, by: Account | None) -> StaffMember:
    """Name, sex and telephone of a person; ``phone`` None leaves the number as it is."""
    permits.require(by, MANAGE_STAFF, *_places(staff))
    staff.name, staff.sex = clean_name(name), sex
    if phone is not None:
        keep_phone(staff, phone)
    with transaction.atomic():
        _save(staff)
        audit.record(by=by, action="修改工作人员", region_code=_places(staff)[0], target=f"工作人员 {staff.pk}")
    return staff


def phone_of(staff: StaffMember) -> str:
    """The whole number; whoever shows it writes a line in the log (``reveal_phone``)."""
    return secrets.load().decrypt_values(bytes(staff.secrets)).get("phone", "") if staff.secrets else ""


def masked_phone(staff: StaffMember) -> str:
    """138****1234; empty when there is none."""
    phone = phone_of(staff)
    return f"{phone[:3]}****{phone[-4:]}" if phone else ""


def reveal_phone(*, staff: StaffMember, by: Account) -> str:
    """The whole number for whoever keeps the roster, with a line in the log."""
    places = _places(staff)
    permits.require(by, MANAGE_STAFF, places[0])
    audit.record(by=by, action="查看工作人员电话", region_code=places[0], target=f"工作人员 {staff.pk}")
    return phone_of(staff)


def clean_name(text: str) -> str:
    """Inner spaces removed, as registers write names. Raises UserError when nothing is left or digits stand in it."""
    name = "".join(text.split())
    if not name or any(letter.isdigit() for letter in name):
        raise UserError(f"“{text.strip()}”不是姓名", next_step="请填写工作人员的姓名。")
    return name


def clean_phone(text: str) -> str:
    """The digits of a number, or an empty text. Raises UserError when it is none."""
    phone = "".join(text.split()).replace("－", "-")
    if phone and not PHONE.fullmatch(phone):
        raise UserError("联系电话不是 11 位手机号或带区号的固定电话", next_step="请核对后再填，或先留空。")
    return phone


def keep_phone(staff: StaffMember, text: str) -> None:
    """Puts a number on a person, encrypted; an empty one takes it away."""
    phone, keys = clean_phone(text), secrets.load()
    staff.secrets = keys.encrypt_values({"phone": phone}) if phone else None
    staff.phone_index = phone_index(phone)


def phone_index(phone: str) -> str:
    return secrets.load().blind_index(f"staff-phone:{phone.replace('-', '')}") if phone else ""


def _places(staff: StaffMember) -> list[str]:
    """Where somebody works or worked, the latest first. Raises UserError for a person without any post."""
    rows = staff.appointments.order_by("-from_on", "-pk").values_list("post__unit__region_code", flat=True)
    if not rows:
        raise UserError("这名工作人员没有任何岗位", next_step="请先登记任职。")
    return list(dict.fromkeys(rows))


def _end(appointment: Appointment, until_on: dt.date) -> None:
    if until_on <= appointment.from_on:
        raise UserError(
            f"{appointment.staff.name}自 {appointment.from_on} 起任职，离任日期须晚于这一天", next_step="请核对日期。"
        )
    appointment.until_on = until_on
    appointment.save(update_fields=["until_on"])


def _save(row: models.Model) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise UserError("；".join(dict.fromkeys(error.messages))) from None
    row.save()


def _log(by: Account | None, action: str, unit: Unit, detail: dict[str, Any] | None = None) -> None:
    audit.record(by=by, action=action, region_code=unit.region_code, target=unit.name, detail=detail)
