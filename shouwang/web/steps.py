"""Forms made from the table of a procedure: what an account may do now, what is in the way, and what was filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from shouwang import policy
from shouwang.casework import asking, local_fields, procedure, queries, runner
from shouwang.casework.asking import FieldsError
from shouwang.casework.models import Case, Event, Proceeding, Task
from shouwang.casework.pausing import LABELS as MARKS
from shouwang.casework.procedure import (
    CHOICE,
    CHOICES,
    COUNT,
    DAY,
    FLAG,
    LONG_TEXT,
    NUMBER,
    Field,
    Step,
)
from shouwang.foundation.errors import ConflictError, UserError
from shouwang.households import wording
from shouwang.jobs import clock
from shouwang.organisation.models import Account

from .access import account_of

# Names that a step's own fields do not use.
ON, VERSION = "taken_on", "version"
_OF_THE_FORM = (ON, VERSION, "csrfmiddlewaretoken")


class StepForm(forms.Form):
    """What a step asks for, with the day it was taken and the version that the person had before the eyes."""

    def __init__(
        self,
        step: Step,
        *,
        version: int,
        today: dt.date,
        data: QueryDict | None = None,
        known: Mapping[str, Any] | None = None,
        is_late: bool = True,
    ) -> None:
        super().__init__(data, auto_id=f"{step.code}_%s", initial=dict(known or {}))
        self.step, known = step, dict(known or {})
        self._left_out = {
            field.name
            for field in step.fields
            if (field.is_for_late and not is_late)
            or (field.unlike_suggested and data is None and field.unlike_suggested not in known)
        }
        for field in step.fields:
            self.fields[field.name] = made = _form_field(field)
            if shown_if := _shown_if(field, known):
                made.widget.attrs["data-shown-if"] = shown_if
        self.fields[ON] = forms.DateField(
            label="办理日", initial=today, widget=_day_widget(max=today.isoformat()), required=False
        )
        self.fields[VERSION] = forms.IntegerField(initial=version, widget=forms.HiddenInput)
        if not self.is_bound:
            for field in step.fields:
                if field.kind == CHOICE and len(field.choices) == 1:
                    self.fields[field.name].initial = next(iter(field.choices))

    @property
    def asked(self) -> list[forms.BoundField]:
        """What the page asks: not what only others have to say, such as why they are late."""
        return [self[field.name] for field in self.step.fields if field.name not in self._left_out]

    @property
    def day(self) -> forms.BoundField:
        return self[ON]

    def given(self) -> dict[str, Any]:
        """What was sent for the step's own fields, as the runner takes it."""
        assert isinstance(self.data, QueryDict)
        given: dict[str, Any] = {
            field.name: self.data.getlist(field.name) if field.kind == CHOICES else self.data.get(field.name)
            for field in self.step.fields
        }
        if self.step.asked is not None:  # answers to another list are refused, not dropped
            given |= {name: value for name, value in self.data.items() if name not in {*given, *_OF_THE_FORM}}
        return given

    def say(self, error: UserError) -> None:
        """Puts a fault at its field, anything else at the top."""
        if isinstance(error, FieldsError):
            for name, fault in error.faults.items():
                self.add_error(*((name, fault) if name in self.fields else (None, f"“{name}”{fault}")))
        else:
            self.add_error(None, str(error))


@dataclass(frozen=True)
class Offer:
    """A step that an account may take: its form, what is in the way of it, and whether somebody waits for it."""

    step: Step
    form: StepForm
    in_the_way: Sequence[str]
    is_waited_for: bool
    due_on: dt.date | None

    @property
    def label(self) -> str:
        return self.step.label

    @property
    def is_possible(self) -> bool:
        """To be shown as a form, or as what somebody waits for; anything else is not possible yet."""
        return not self.in_the_way or self.is_waited_for or bool(self.form.errors)


def offers(request: HttpRequest, proceeding: Proceeding, *, refused: StepForm | None = None) -> list[Offer]:
    """What this account may do now, the awaited first; ``refused`` is the form that was just sent and came back."""
    today, now, policies = clock.today(), timezone.now(), policy.load()
    link = {"case" if hasattr(proceeding, "case_no") else "lead": proceeding}
    waiting = {task.step: task for task in Task.objects.filter(**link, is_open=True)}
    found = []
    for possible in runner.possible(proceeding=proceeding, by=account_of(request)):
        step = local_fields.here(possible, region_code=proceeding.region_code, on=today, policies=policies)
        form = refused if refused is not None and refused.step.code == step.code else None
        asked: dict[str, Any] = {
            "proceeding": proceeding,
            "step": step,
            "today": today,
            "now": now,
            "policies": policies,
        }
        if form is None:
            form = StepForm(
                step,
                version=proceeding.version,
                today=today,
                known=runner.suggested(**asked),
                is_late=_is_late(proceeding, today),
            )
        found.append(
            Offer(
                form.step if form is refused else step,
                form,
                runner.in_the_way(**asked),
                step.code in waiting,
                waiting[step.code].due_on if step.code in waiting else None,
            )
        )
    if refused is not None and all(offer.form is not refused for offer in found):
        # its form is not on the page: not this account's, or not its turn
        faults = [str(fault) for faults in refused.errors.values() for fault in faults]
        messages.error(request, "；".join(faults) or f"还不能“{refused.step.label}”")
    return sorted(found, key=lambda offer: (offer.form is not refused, bool(offer.in_the_way), not offer.is_waited_for))


def take(request: HttpRequest, proceeding: Proceeding, code: str) -> StepForm | None:
    """Takes the step that was sent; the form comes back with its faults, None when it was taken. ConflictError goes on, unless it
    is our own step that comes a second time (a button pressed twice, a page sent again): that was taken."""
    step = procedure.get(proceeding.procedure).step(code)
    if step is None:
        raise UserError("没有这一步")
    today, policies = clock.today(), policy.load()
    is_late = _is_late(proceeding, today)
    step = local_fields.here(
        step, region_code=proceeding.region_code, on=_day_sent(request) or today, policies=policies
    )
    form = StepForm(step, version=proceeding.version, today=today, data=request.POST, is_late=is_late)
    if VERSION in form.errors:
        raise ConflictError("页面没有传完整，您这次提交没有生效", next_step="请刷新页面再办。")
    if not form.is_valid() or _is_badly_worded(form):
        return form
    try:
        runner.act(
            proceeding=proceeding,
            step=code,
            by=account_of(request),
            on=form.cleaned_data[ON] or today,
            today=today,
            now=timezone.now(),
            policies=policies,
            data=form.given(),
            version=form.cleaned_data[VERSION],
        )
    except ConflictError:
        if not _is_sent_again(proceeding, step, form, by=account_of(request)):
            raise
        proceeding.refresh_from_db()
    except UserError as error:
        form.say(error)
        return form
    return None


def _is_sent_again(proceeding: Proceeding, step: Step, form: StepForm, *, by: Account) -> bool:
    """Whether the same account took this very step, with the same words, on the version that the form was made from."""
    link = {"case" if isinstance(proceeding, Case) else "lead": proceeding}
    before = form.cleaned_data[VERSION]
    taken = Event.objects.filter(**link, sequence=(before or 0) + 1, step=step.code, by=by).first()
    return taken is not None and local_fields.answers(taken) == asking.read(
        step.fields, form.given(), today=clock.today()
    )


def _is_badly_worded(form: StepForm) -> bool:
    for name, fault in wording.faults(form.step.fields, form.data).items():
        form.add_error(name, fault)
    return bool(form.errors)


def told(event: Event) -> dict[str, Any]:
    """An event in words: what, when, who, and everything that was filled in."""
    for table in procedure.all_procedures():
        if (step := table.step(event.step)) is not None:
            words = queries.event_words(step, event)
            return {"event": event, "label": step.label, "words": words, "state": table.state(event.to_state).label}
    names: Mapping[str, str] = {"reason": "事由", "days": "中止天数"}
    words = [(names.get(name, name), str(value)) for name, value in event.data.items()]
    return {"event": event, "label": MARKS.get(event.step, event.step), "words": words, "state": ""}


def _day_sent(request: HttpRequest) -> dt.date | None:
    """The day that the form names; None where it is none, which the form then says."""
    try:
        return dt.date.fromisoformat(request.POST.get(ON, ""))
    except ValueError:
        return None


def _is_late(proceeding: Proceeding, today: dt.date) -> bool:
    return proceeding.due_on is not None and today > proceeding.due_on


def _shown_if(field: Field, known: Mapping[str, Any]) -> str:
    """When a page with scripts shows a field: other=value value, or other!=value; without them it always stands there."""
    if field.unlike_suggested in known:
        return f"{field.unlike_suggested}!={known[field.unlike_suggested]}"
    if field.required_if is not None and field.kind != LONG_TEXT:
        return f"{field.required_if[0]}={' '.join(field.required_if[1])}"
    return ""


def _form_field(field: Field) -> forms.Field:
    """Nothing is required here: the runner says what is missing, in its own words."""
    names: dict[str, Any] = {"label": field.label, "required": False, "help_text": field.help}
    choices = list(field.choices.items())
    made: forms.Field
    if field.kind == CHOICES:
        made = _Anything(widget=forms.CheckboxSelectMultiple(choices=choices), **names)
    elif field.kind == CHOICE:
        made = _Anything(widget=forms.RadioSelect(choices=choices), **names)
    elif field.kind == FLAG:
        made = forms.BooleanField(**names)
    elif field.kind == DAY:
        made = _Anything(widget=_day_widget(), **names)
    elif field.kind == LONG_TEXT:
        made = _Anything(widget=forms.Textarea(attrs={"rows": 3}), **names)
    elif field.kind in (NUMBER, COUNT):
        made = _Anything(widget=forms.TextInput(attrs={"inputmode": "numeric"}), **names)
    else:
        made = _Anything(widget=forms.TextInput(), **names)
    made.widget.attrs["data-required"] = "1" if field.is_required else ""
    return made


class _Anything(forms.Field):
    """Takes what comes: the runner reads it."""

    def clean(self, value: Any) -> Any:
        return value


def _day_widget(**attributes: str) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attributes})
