"""The parameters: the value that applies in a place on a day, why, what it was before, and who uses it."""

from __future__ import annotations

import datetime as dt
from functools import cache

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.policy import Policies, Resolution
from shouwang.policy.parameters import COMBINE_LABELS, COMPARATORS
from shouwang.regions import queries as regions
from shouwang.regions.codes import NATION
from shouwang.screening import catalogue

from .. import lists
from ..access import account_of, needs

TOPICS = {
    "household": "防返贫监测",
    "case": "认定和消除程序",
    "feeds": "部门数据",
    "income": "增收",
    "employment": "就业",
    "industry": "产业",
    "education": "教育",
    "finance": "金融",
    "funds": "资金",
    "infrastructure": "基础设施",
    "staff": "队伍",
    "training": "培训",
    "petitions": "信访",
    "supervision": "督查",
    "grain": "粮食",
    "farmland": "耕地",
}


class PlaceAndDayForm(forms.Form):
    """For which division and which day the value is asked. Policies are public: any division may be asked about."""

    region = forms.ChoiceField(label="区域", required=False)
    on = forms.DateField(
        label="日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    is_narrowed = False

    def __init__(self, request: HttpRequest) -> None:
        home = account_of(request).region_code or NATION
        try:
            chosen = regions.full_code(request.GET.get("region") or home)
        except UserError:
            chosen = home
        super().__init__({"region": chosen, "on": request.GET.get("on") or clock.today()}, auto_id="filter_%s")
        codes = dict.fromkeys([chosen, *regions.ancestors(home), *(child.code for child in regions.children(home))])
        names = regions.names_of(codes)
        lists.offer(self, "region", [(code, names.get(code, code)) for code in codes])
        self.region_code = chosen
        self.day: dt.date = (self.is_valid() and self.cleaned_data["on"]) or clock.today()


class Answers:
    """Values for one place and day; every division is looked up once, however many parameters are asked for."""

    def __init__(self, policies: Policies, form: PlaceAndDayForm) -> None:
        self._policies, self._form = policies, form
        self._ancestors, self._name = cache(regions.ancestors), cache(regions.name)

    def of(self, name: str) -> Resolution:
        return self._policies.resolve(
            name,
            region_code=self._form.region_code,
            on=self._form.day,
            ancestors=self._ancestors,
            name_of=self._name,
        )


@needs(roles.SEE_POLICIES)
def parameters(request: HttpRequest) -> HttpResponse:
    """Every parameter with its value here and now, by subject; those left open can be shown alone."""
    policies = policy.load()
    form = PlaceAndDayForm(request)
    text, only_open = request.GET.get("q", "").strip(), request.GET.get("open") == "1"
    groups: dict[str, list] = {label: [] for label in TOPICS.values()}
    open_count, answers = 0, Answers(policies, form)
    for parameter in policies.parameters.values():
        answer = answers.of(parameter.name)
        open_count += answer.value is None
        if (only_open and answer.value is not None) or (
            text and text not in parameter.label + parameter.name + "".join(parameter.register)
        ):
            continue
        topic = parameter.name.partition(".")[0]
        groups.setdefault(TOPICS.get(topic, topic), []).append((parameter, answer))
    names = {
        "groups": groups, "form": form, "text": text, "only_open": only_open, "open_count": open_count,
        "comparators": COMPARATORS, "count": len(policies.parameters),
    }  # fmt: skip
    return render(request, "web/policy/parameters.html", names)


@needs(roles.SEE_POLICIES)
def parameter(request: HttpRequest, name: str) -> HttpResponse:
    """One parameter: what applies, why, its history, who lost, and the rules that use it."""
    policies = policy.load()
    if name not in policies.parameters:
        raise Http404
    form = PlaceAndDayForm(request)
    shown = policies.parameters[name]
    answer = Answers(policies, form).of(name)
    owners = regions.names_of({value.region_code for value in shown.values})
    losers = {id(value): reason for value, reason in answer.losers}
    rows = [
        {
            "value": value,
            "text": shown.text(value.value),
            "comparator": COMPARATORS.get(value.comparator, ""),
            "owner": owners.get(value.region_code, value.region),
            "wins": value is answer.source,
            "lost": losers.get(id(value), ""),
            "is_elsewhere": value not in answer.history,
        }
        for value in sorted(shown.values, key=lambda value: (value.region_code, value.from_on))
    ]
    names = {
        "parameter": shown,
        "answer": answer,
        "comparator": COMPARATORS.get(answer.comparator, ""),
        "combine": COMBINE_LABELS[shown.combine],
        "rows": rows,
        "form": form,
        "may_try": account_of(request).may(roles.RUN_SCREENING)
        and any(name in rule.rule.parameters for rule in catalogue.rules().values()),
        "rules": [rule.rule for rule in catalogue.rules().values() if name in rule.rule.parameters],
        "clauses": [policies.clause(cite) for cite in shown.all_cites if "#" in cite],
    }
    return render(request, "web/policy/parameter.html", names | {"section": "parameters"})
