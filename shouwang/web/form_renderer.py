"""Writes selects and inputs of forms as Django's own templates do, letter for letter, without a template for every option.

A list's page has some hundred options; each costs Django two templates. Whatever is not plain is left to Django.
"""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString

_WIDGETS = "django/forms/widgets/"
_SELECT, _OPTION = _WIDGETS + "select.html", _WIDGETS + "select_option.html"
_INPUTS = {_WIDGETS + name for name in ("input.html", "text.html", "number.html", "date.html", "hidden.html", "checkbox.html")}  # fmt: skip


class PlainWidgets(DjangoTemplates):
    """``settings.FORM_RENDERER``."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name == _SELECT:
            written = _select(context["widget"])
        elif template_name in _INPUTS:
            written = _input(context["widget"])
        else:
            written = None
        return super().render(template_name, context, request) if written is None else SafeString(written)


def _select(widget: dict[str, Any]) -> str | None:
    """None where options stand in groups or are written by a template of their own."""
    parts = [f'<select name="{_escaped(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            return None
        for option in options:
            if option["template_name"] != _OPTION or not isinstance(option["label"], str):
                return None
            value, attributes = _escaped(option["value"]), _attributes(option["attrs"])
            parts.append(f'\n  <option value="{value}"{attributes}>{conditional_escape(option["label"])}</option>\n')
    return "".join((*parts, "\n</select>"))


def _input(widget: dict[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{_escaped(widget["value"])}"'
    kind, name = _escaped(widget["type"]), _escaped(widget["name"])
    return f'<input type="{kind}" name="{name}"{value}{_attributes(widget["attrs"])}>'


def _attributes(attributes: dict[str, Any]) -> str:
    return "".join(
        f" {_escaped(name)}" if value is True else f' {_escaped(name)}="{_escaped(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _escaped(value: Any) -> str:
    """As ``{{ value|stringformat:'s' }}`` writes it: what is declared safe stays as it is."""
    return str(value) if isinstance(value, SafeData) else conditional_escape(str(value))
