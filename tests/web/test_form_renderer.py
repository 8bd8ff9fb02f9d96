"""Forms are written exactly as Django's own templates write them."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from shouwang.web.form_renderer import PlainWidgets

PLACES = [("", "全部"), ("a&b", '"甲"'), (mark_safe("<x>"), mark_safe("<b>乙</b>")), (None, "无"), (3, "三")]


class EveryWidget(forms.Form):
    place = forms.ChoiceField(label="区<域", required=False, choices=PLACES)
    grouped = forms.ChoiceField(choices=[("组", [("1", "一")])])
    several = forms.MultipleChoiceField(choices=[("1", "一"), ("2", "二")])
    words = forms.CharField(
        max_length=4, widget=forms.TextInput(attrs={"data-x": True, "data-y": False, "title": '"<'})
    )
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    ticked = forms.BooleanField()
    amount = forms.DecimalField(max_digits=9, decimal_places=2)
    hidden = forms.CharField(widget=forms.HiddenInput)
    whole = forms.IntegerField()
    text = forms.CharField(widget=forms.Textarea)
    secret = forms.CharField(widget=forms.PasswordInput)
    numbered = forms.TypedChoiceField(choices=[(1, 1), (2, mark_safe("&amp;"))])
    unknown = forms.NullBooleanField()
    one = forms.ChoiceField(widget=forms.RadioSelect, choices=[("1", "一")])
    file = forms.FileField()
    boxes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, choices=[("1", "一")])


SENT = {"place": "a&b", "words": "<1234'", "day": "2022-0<", "ticked": "on", "amount": "1,2", "several": ["1", "2"], "text": "<"}  # fmt: skip


@pytest.mark.parametrize("name", EveryWidget.base_fields)
@pytest.mark.parametrize("sent", [None, SENT])
def test_a_widget_is_written_as_django_writes_it(name, sent):
    begun = {"day": dt.date(2022, 1, 2), "whole": 12345, "amount": "1234.5", "place": "<x>"}
    ours, theirs = (
        str(EveryWidget(sent, initial=begun, renderer=renderer)[name])
        for renderer in (PlainWidgets(), DjangoTemplates())
    )
    assert ours == theirs and name in ours
