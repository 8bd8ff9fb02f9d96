"""A field for a division: its code, or its name as people say it, inside what the account sees."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from shouwang.foundation.errors import UserError
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions

_SHOWN = 6


class RegionField(forms.CharField):
    """Cleans to the 12-digit code. ``scope`` is set by the form before it is used; until then nothing fits."""

    def __init__(self, **names: Any) -> None:
        self.scope = Scope(())
        super().__init__(max_length=60, **names)

    def prepare_value(self, value: Any) -> Any:
        """A code is shown with its name."""
        if isinstance(value, str) and len(value) == 12 and value.isdecimal():
            try:
                return f"{value} {regions.name(value)}"
            except UserError:
                return value
        return value

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        first = text.split()[0]
        if first.isascii() and first.isdecimal():
            return self._inside(first)
        found = regions.search(text, self.scope, limit=_SHOWN + 1)
        exact = [one for one in found if text.split()[-1] in (one.name, one.short_name)]
        found = exact or found
        if not found:
            raise ValidationError(f"辖区里没有“{text}”。请写名称或 12 位代码。")
        if len(found) > 1:
            named = "、".join(f"{regions.full_name(one.code)}（{one.code}）" for one in found[:_SHOWN])
            raise ValidationError(f"“{text}”不止一个：{named}。请写代码，或在前面加上级名称。")
        return found[0].code

    def _inside(self, text: str) -> str:
        try:
            code = regions.full_code(text)
        except UserError as error:
            raise ValidationError(str(error)) from None
        if not self.scope.contains(code):
            raise ValidationError("您的账号看不到这个区域，请选择本辖区内的区域。")
        return code
