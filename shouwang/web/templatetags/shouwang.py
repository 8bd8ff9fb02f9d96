"""What templates say again and again: counts, money, days, division names, citations, the menu."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shouwang import policy
from shouwang.foundation import money
from shouwang.foundation.periods import Month
from shouwang.households import outlook
from shouwang.households.visits import burden
from shouwang.jobs import clock, exports
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.screening import catalogue, figures

from .. import menus
from ..views import reminders

register = template.Library()
_CODE = re.compile(r"[a-z_]+(?:\.[a-z_]+)+")


@register.filter
def count(number: int | None) -> str:
    """12486 → 12,486; nothing known → a dash."""
    return f"{number:,}" if isinstance(number, int) else "—"


@register.filter
def yuan(amount: Decimal | int | str | None) -> str:
    """1234.5 → 1,234.50"""
    return "—" if amount in (None, "") else money.grouped(Decimal(str(amount)))


@register.filter
def fen(amount: int | None) -> str:
    """Whole fen as yuan: 123450 → 1,234.50"""
    return "—" if amount is None else money.grouped(money.yuan(amount))


@register.filter
def figure(text: str | None) -> str:
    """12,480.00 元 → 12,480.00, where the unit stands in the heading."""
    return (text or "—").removesuffix(" 元")


@register.filter
def day(value: dt.date | dt.datetime | str | None) -> str:
    """2022-06-30, for tables."""
    return "—" if not value else str(value)[:10]


@register.filter
def month(value: str | None) -> str:
    """2022-06 → 2022年6月"""
    if not value or len(value) != 7:
        return value or "—"
    return f"{value[:4]}年{int(value[5:])}月"


@register.filter
def township(code: str) -> str:
    """The township's code of a village's."""
    return f"{code[:9]}000"


@register.filter
def county(code: str) -> str:
    """The county's code of a village's or township's."""
    return f"{code[:6]}000000"


@register.filter
def named_in(code: str, names: dict[str, Any]) -> Any:
    """The name of a code from a prepared dictionary; the code itself where it has none."""
    return names.get(code, code)


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """The value of a key, or nothing."""
    return mapping.get(key) if mapping else None


@register.filter
def percent_of(part: int, whole: int) -> str:
    """A width for a bar: 0 to 100."""
    return f"{100 * part / whole:.1f}" if whole else "0"


@register.filter
def widgets_class(field: BoundField) -> BoundField:
    """A form field dressed for Bootstrap."""
    widget = field.field.widget
    kind = getattr(widget, "input_type", "")
    name = {"select": "form-select", "checkbox": "form-check-input", "radio": "form-check-input"}.get(
        kind, "form-control"
    )
    widget.attrs["class"] = f"{name} is-invalid" if field.errors else name
    return field


@register.simple_tag
def due(on: dt.date | None, today: dt.date | None = None) -> SafeString:
    """How much time is left: red when late, orange in the last three days."""
    if on is None:
        return format_html('<span class="quiet">{}</span>', "没有适用的时限")
    left = (on - (today or clock.today())).days
    if left < 0:
        return format_html('<span class="tag late">已超期 {} 天</span>', f"{-left:,}")
    if left <= 3:
        return format_html('<span class="tag soon">{}</span>', "今天到期" if left == 0 else f"还剩 {left} 天")
    return format_html('<span class="tag plain">还剩 {} 天</span>', left)


@register.simple_tag
def cite(citation: str) -> SafeString:
    """A link from a citation to its clause on the document's page."""
    policies = policy.load()
    document, _, clause = citation.partition("#")
    if document not in policies.documents:
        return format_html("{}", citation)
    address = reverse("document", args=[document])
    return format_html('<a href="{}#{}">{}</a>', address, clause, policies.citation_text(citation))


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], permission: str) -> bool:
    """Whether the account may do something; for what a page offers, never for what it shows."""
    return context["request"].user.may(permission)


# hengshui-2022-1#C.4.4.2
@register.simple_tag(takes_context=True)
def burden_note(context: dict[str, Any]) -> str:
    """What the villages of an account were asked already this month: for pages that ask them for more."""
    townships = burden.by_township(scope=Scope.of(context["request"].user), month=Month.of(clock.today()))
    found = burden.total(townships.values(), "")
    if not found.request_count:
        return ""
    return f"本月 {found.village_count:,} 个村已收到 {found.request_count:,} 件要求（含走访登记 {found.request_counts['visit']:,} 件）"


@register.simple_tag(takes_context=True)
def may_take(context: dict[str, Any], name: str) -> bool:
    """Whether the account may take a list away as a file."""
    return context["request"].user.may(exports.EXPORTS[name].permission)


@register.simple_tag(takes_context=True)
def sees_counties(context: dict[str, Any]) -> bool:
    """Whether the account's region is a county or more: screenings are run for counties, and seen from there up."""
    return bool(context["request"].user.region_code.endswith("000000"))


@register.simple_tag(takes_context=True)
def menu(context: dict[str, Any]) -> str:
    """The menu of the account, with the place where we are."""
    account = context["request"].user
    count = context.get("reminder_count")  # the first page has counted already
    return menus.menu(account, here=_here(context), count=reminders.new_count(account) if count is None else count)


@register.simple_tag(takes_context=True)
def tabs(context: dict[str, Any]) -> str:
    """The places at the thumb of a phone."""
    return menus.tabs(context["request"].user, here=_here(context))


@register.filter
def in_words(text: str) -> str:
    """A sentence of a screening that names parameters by their code, with their labels instead."""
    known = policy.load().parameters
    return _CODE.sub(lambda found: f"“{known[found[0]].label}”" if found[0] in known else found[0], text or "")


@register.simple_tag
def spoken(unit: str, figure: str) -> str:
    """A finding's figure with its unit: 9,090.00 元, 71.94%, 30 天."""
    return figures.spoken(unit, figure) if figure else "—"


@register.simple_tag
def per_head(fen: int | None, members: int | None) -> str:
    """A household's fen as yuan per member."""
    return "—" if fen is None or not members else money.grouped(money.yuan(fen, members))


@register.simple_tag
def change_per_head(before: int | None, after: int | None, members: int | None) -> str:
    """How much more or less per member: +1,200.00, −350.00."""
    if before is None or after is None or not members:
        return "—"
    amount = money.yuan(after - before, members)
    return _signed(amount)


@register.filter
def projection(row: dict[str, Any]) -> str:
    """A household's projected income per member, to the fen as the income ledger has it."""
    amount = outlook.projected_per_head(row)
    return "—" if amount is None else money.grouped(amount)


@register.filter
def projection_change(row: dict[str, Any]) -> str:
    """The same less last year's, with its sign."""
    amount = outlook.change_per_head(row)
    return "—" if amount is None else _signed(amount)


@register.filter
def change_percent(row: dict[str, Any]) -> str:
    """A household's change in percent: −12.5%, +3.0%; a dash where it is not known."""
    text = outlook.percent(row)
    return f"{'−' if text.startswith('-') else '+'}{text.lstrip('-')}%" if text else "—"


@register.simple_tag
def signed_fen(amount: int | None) -> str:
    """Whole fen as yuan with the sign: −1,234.50."""
    if amount is None:
        return "—"
    return _signed(money.yuan(amount))


@register.simple_tag
def change_of(change: tuple[int, int]) -> str:
    """Fen and what they are divided by, as yuan with the sign: −133.33."""
    return _signed(money.yuan(*change))


@register.filter
def signed_yuan(amount: Decimal | None) -> str:
    """−1,200.00, +350.00"""
    return "—" if amount is None else _signed(amount)


@register.filter
def as_percent(share: Decimal | None) -> str:
    """0.119 → 11.9; nothing known → a dash."""
    if share is None:
        return "—"
    text = f"{share * 100:.4f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


@register.filter
def class_label(rule: str) -> str:
    """甲 收入下降"""
    bound = catalogue.rules().get(rule)
    return f"{outlook.CLASSES.get(rule, '')} {bound.rule.label if bound else rule}".strip()


@register.simple_tag
def place(code: str) -> str:
    """河北省保定市涞源县; says so where an account has no region."""
    return regions.full_name(code) if code else "没有管辖区域"


@register.simple_tag
def demonstration_day() -> dt.date | None:
    return clock.demonstration_day()


def _here(context: dict[str, Any]) -> str:
    match = context["request"].resolver_match
    return context.get("section") or (match.view_name if match else "")


def _signed(amount: Decimal) -> str:
    """With its sign, to the fen: +1,200.00, −0.01; what rounds to nothing has none: 0.00."""
    size = money.grouped(abs(amount))
    return size if not size.strip("0.") else f"{'−' if amount < 0 else '+'}{size}"
