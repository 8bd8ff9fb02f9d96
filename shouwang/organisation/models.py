"""Accounts with a role and a region, and the log of what they did."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from shouwang.regions import queries as regions

from .roles import ROLES, Role


class AccountManager(BaseUserManager["Account"]):
    def create_account(self, *, login: str, password: str | None, name: str, role: str, region_code: str) -> Account:
        """Raises UserError when the region does not exist, ValidationError when a field cannot be. No region: sees nothing."""
        code = regions.full_code(region_code) if region_code else ""
        account = self.model(login=login, name=name, role=role, region_code=code)
        account.set_password(password)
        account.full_clean()
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A person who signs in. Without a region an account sees nothing."""

    login = models.CharField("登录名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    role = models.CharField("角色", max_length=40, choices=[(role.code, role.label) for role in ROLES])
    region_code = models.CharField("管辖区域", max_length=12, blank=True)
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    objects = AccountManager()
    USERNAME_FIELD = "login"

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.name

    @property
    def duties(self) -> type[Role]:
        """The class that says what this account may do; a role that is no more may do nothing."""
        return next((role for role in ROLES if role.code == self.role), Role)

    def may(self, permission: str) -> bool:
        return self.is_active and permission in self.duties.permissions


class AuditEvent(models.Model):
    """One line of the log: who saw unmasked, exported, imported, ran or changed what. Lines are only ever added.

    Each line carries the hash of the one before, so that a removed or altered line shows.
    """

    at = models.DateTimeField("时间")
    by = models.ForeignKey(Account, models.PROTECT, null=True, verbose_name="操作人", help_text="空：命令行")
    by_name = models.CharField("操作人姓名", max_length=80)
    action = models.CharField("动作", max_length=60)
    region_code = models.CharField("区域", max_length=12, blank=True)
    target = models.CharField("对象", max_length=120, blank=True)
    reason = models.CharField("事由", max_length=200, blank=True)
    detail = models.JSONField("详情", default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = "操作日志"
        indexes = [models.Index(fields=["region_code", "-at"]), models.Index(fields=["target"])]
