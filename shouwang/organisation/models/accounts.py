"""Accounts with a role and a region; the department and the member of staff that an account belongs to."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from shouwang.regions import queries as regions

from ..roles import ROLES, Role, role_named
from .units import StaffMember, Unit


class AccountManager(BaseUserManager["Account"]):
    def create_account(
        self,
        *,
        login: str,
        password: str | None,
        name: str,
        role: str,
        region_code: str,
        unit: Unit | None = None,
        staff: StaffMember | None = None,
    ) -> Account:
        """Raises UserError when the region does not exist, ValidationError when a field cannot be. No region: sees nothing."""
        code = regions.full_code(region_code) if region_code else ""
        account = self.model(login=login, name=name, role=role, region_code=code, unit=unit, staff=staff)
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
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="accounts", verbose_name="所在单位"
    )
    staff = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="accounts", verbose_name="工作人员"
    )
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须改密码", default=False)
    # Raised by whatever must end the sessions of an account at once: another role or region, closing, a lost telephone.
    session_mark = models.PositiveIntegerField("会话编号", default=0, editable=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    closed_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = AccountManager()
    USERNAME_FIELD = "login"

    class Meta:
        verbose_name = "账号"
        constraints = [
            models.UniqueConstraint(
                fields=["staff"],
                condition=models.Q(is_active=True),
                name="account_one_per_person",
                violation_error_message="这名工作人员已有在用的账号，一人只能有一个",
            ),
        ]
        indexes = [models.Index(fields=["region_code", "login"])]

    def __str__(self) -> str:
        return self.name

    @property
    def duties(self) -> type[Role]:
        """The class that says what this account may do; a role that is no more may do nothing."""
        return role_named(self.role)

    def may(self, permission: str) -> bool:
        return self.is_active and permission in self.duties.permissions

    def get_session_auth_hash(self) -> str:
        """A session holds while neither the password nor ``session_mark`` has changed since it began."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for key in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(key)

    def _session_hash(self, key: str | bytes | None) -> str:
        value = f"{self.password}:{self.session_mark}"
        return salted_hmac("shouwang.organisation.session", value, secret=key, algorithm="sha256").hexdigest()
