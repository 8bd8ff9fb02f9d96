"""The menu and the places at the thumb as they are written: the same for all who may go to the same places, so written once."""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from shouwang.organisation.models import Account

from . import sections
from .sections import Section

_MOST_WRITTEN = 2_000


def menu(account: Account, *, here: str, count: int) -> SafeString:
    """``here``: the section where we are; ``count``: reminders of which the account has not taken note."""
    return _menu(tuple(sections.open_to(account)), here, count, get_script_prefix())


def tabs(account: Account, *, here: str) -> SafeString:
    found = (section for section in sections.open_to(account) if section.is_on_phone)
    return _tabs(tuple(found), here, get_script_prefix())


# Everything that is written stands in the arguments; the prefix of the addresses is among them because {% url %} reads it.
@lru_cache(maxsize=_MOST_WRITTEN)
def _menu(found: tuple[Section, ...], here: str, count: int, _prefix: str) -> SafeString:
    groups = sections.grouped(list(found), here)
    return render_to_string("web/parts/menu.html", {"groups": groups, "here": here, "reminder_count": count})


@lru_cache(maxsize=_MOST_WRITTEN)
def _tabs(found: tuple[Section, ...], here: str, _prefix: str) -> SafeString:
    return render_to_string("web/parts/tabs.html", {"sections": found, "here": here})
