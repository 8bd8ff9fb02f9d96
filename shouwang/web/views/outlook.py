"""收入推算: where incomes are heading, place by place and household by household, with the class, the months and the clause behind each."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang import policy
from shouwang.households import outlook
from shouwang.organisation import roles
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.registry.models import Household
from shouwang.screening import catalogue, figures
from shouwang.screening.models import Finding

from .. import lists
from ..access import account_of, needs, scope_of

_DIGITS_BELOW = {Level.NATION: 2, Level.PROVINCE: 4, Level.CITY: 6, Level.COUNTY: 9, Level.TOWNSHIP: 12}
_FILTERS = {
    outlook.ANY_CLASS: "五类中任一类",
    outlook.NO_CLASS: "算得出且不在五类",
    outlook.INCOMPLETE: "未计算（缺月份或上年收入）",
}


class OutlookForm(lists.ListForm):
    group = forms.ChoiceField(label="归类", required=False)
    as_of = forms.ChoiceField(label="截至", required=False)
    q = forms.CharField(label="户主或户编号", required=False, max_length=60)

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        groups = [(code, f"{mark} {_label(code)}") for code, mark in outlook.CLASSES.items()]
        lists.offer(self, "group", [("", "全部"), *groups, *_FILTERS.items()])
        self.days = outlook.days(scope=self.scope)
        if len(self.days) > 1:
            newest, *earlier = [day.isoformat() for day in self.days]
            lists.offer(self, "as_of", [("", newest), *((day, day) for day in earlier)])
        else:
            del self.fields["as_of"]

    @property
    def filters(self) -> dict[str, str]:
        found = {"group": self.chosen("group"), "text": self.chosen("q").strip(), "as_of": self.chosen("as_of")}
        return self.kept(found)


@needs(roles.SEE_LEADS)
def household_outlooks(request: HttpRequest) -> HttpResponse:
    """Sums by place on top, each opening its rows; below them the households, those with the largest drop first."""
    form = OutlookForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    filters = form.filters
    within = form.within
    as_of = next((day for day in form.days if day.isoformat() == filters.get("as_of")), None)
    sources = outlook.sources(scope=within, as_of=as_of)
    place = form.place or form.home
    level = Level(regions.region(place).level) if place else Level.VILLAGE
    names: dict[str, Any] = {
        "form": form,
        "sources": sources,
        "as_of": sources[0].as_of if sources else None,
        "place": place,
        "trail": _trail(place, form.home),
        "formula": formula(sources),
        "missing": _missing(sources),
        "below": {Level.COUNTY: "乡镇", Level.TOWNSHIP: "村"}.get(level, "地"),
    }
    if any(source.result.file for source in sources):
        sums = outlook.sums(sources=sources, scope=within, digits=_DIGITS_BELOW.get(level, 12))
        names |= {"total": _total(sums), "groups": _groups(sources, sums)}
        if level < Level.VILLAGE:
            names["places"] = _places(sums)
        if level >= Level.COUNTY:
            names["page"] = _page(request, sources, within, filters)
    return render(request, "web/outlook/outlook.html", names)


def _page(
    request: HttpRequest, sources: list[outlook.Source], within: Scope, filters: dict[str, str]
) -> lists.Page[Any]:
    asked = request.GET.get("order", "")
    order = asked.removeprefix("-")
    order, is_descending = (order, asked.startswith("-")) if order in outlook.ORDERS else ("change", False)
    found = outlook.page(
        sources=sources,
        scope=within,
        wanted=outlook.Wanted(filters.get("group", ""), filters.get("text", "")),
        order=order,
        is_descending=is_descending,
        after=_key(request.GET.get("after")),
        before=_key(request.GET.get("before")),
        size=lists.PAGE_SIZE,
    )
    return lists.Page(
        rows=described(found.rows, sources),
        count=found.count,
        is_count_capped=False,
        order=order,
        is_descending=is_descending,
        unit="户",
        previous=found.previous,
        next=found.next,
        names=regions.names_of({code for row in found.rows for code in (row["region_code"], _township(row))}),
    )


def described(rows: list[dict[str, Any]], sources: list[outlook.Source]) -> list[dict[str, Any]]:
    """Rows with what a person reads: the householder, the classes with their reasons, and why something was not computed."""
    keys = [row["household_key"] for row in rows]
    heads = dict(Household.objects.filter(pk__in=keys).values_list("pk", "head_name"))
    found = outlook.classes_of(sources=sources, households=keys)
    return [
        row
        | {
            "head_name": heads.get(row["household_key"], ""),
            "groups": [_reason(finding) for finding in found.get(row["household_key"], [])],
            "gap": outlook.gap(row),
            "loss": outlook.largest_loss(row),
        }
        for row in rows
    ]


def _reason(finding: Finding) -> dict[str, str]:
    """A class as a row names it: 乙 推算收入低于监测标准, 低于 7,300.00 元."""
    unit = catalogue.rules()[finding.rule].rule.unit
    words = figures.COMPARATOR_WORDS.get(finding.comparator, "")
    measured = f"{words} {figures.spoken(unit, finding.threshold)}" if finding.threshold else ""
    if finding.rule == "household.income_falling":
        measured = ""  # last year's figure stands in its own column
    elif unit != "yuan":
        measured = f"占 {figures.spoken(unit, finding.observed)}，{measured}"
    return {"rule": finding.rule, "mark": outlook.CLASSES[finding.rule], "label": _label(finding.rule), "why": measured}


def _groups(sources: list[outlook.Source], sums: list[outlook.Sum]) -> list[dict[str, Any]]:
    """The five classes: how many households, or what stopped the class from being computed."""
    policies, found = policy.load(), []
    for code, mark in outlook.CLASSES.items():
        results = [source.classes[code] for source in sources if code in source.classes]
        missing = {entry["text"]: entry for result in results for entry in result.missing}
        is_computed = any(result.outcome == "computed" for result in results)
        parameters = [
            policies.parameters[name]
            for entry in missing.values()
            for name in entry["name"].split("、")
            if name in policies.parameters
        ]
        found.append(
            {
                "code": code,
                "mark": mark,
                "label": _label(code),
                "rule": catalogue.rules()[code].rule,
                "count": sum(one.by_class.get(code, 0) for one in sums) if is_computed else None,
                "missing": list(missing),
                "parameters": list({one.name: one for one in parameters}.values()),
            }
        )
    return found


def _total(sums: list[outlook.Sum]) -> dict[str, Any]:
    names = (
        "household_count",
        "told_count",
        "untold_count",
        "fallen_count",
        "members",
        "last_net_fen",
        "projected_net_fen",
    )
    return {name: sum(getattr(one, name) for one in sums) for name in names}


def _places(sums: list[outlook.Sum]) -> list[dict[str, Any]]:
    """Places with their names, those where most households fall behind first."""
    names = regions.names_of({one.region_code for one in sums})
    rows = [
        asdict(one)
        | {
            "name": names.get(one.region_code, one.region_code),
            "untold_count": one.untold_count,
            "change_fen": one.projected_net_fen - one.last_net_fen if one.members else None,
        }
        for one in sums
    ]
    return sorted(rows, key=lambda row: (-row["fallen_count"], row["region_code"]))


def formula(sources: list[outlook.Source]) -> dict[str, Any] | None:
    """How the year is projected, with the parameter and its clauses, as the newest run used it."""
    source = next((one for one in sources if one.setting), None)
    if source is None:
        return None
    used = source.result.parameters["household.income_projection"]
    return {
        "first": source.months[0],
        "last": source.months[-1],
        "months": len(source.months),
        "annual": source.setting["annual_months"],
        "cites": used["cites"],
        "parameter": policy.load().parameters["household.income_projection"],
        "run": source.run_id,
        "year": source.as_of.year,
    }


def _missing(sources: list[outlook.Source]) -> list[dict[str, Any]]:
    """What stopped the outlook itself, each thing once, with the counties it stopped."""
    stopped = [source for source in sources if not source.result.file]
    found = {entry["text"]: entry for source in stopped for entry in source.result.missing}
    counties: dict[str, list[str]] = {}
    for source in stopped:
        for entry in source.result.missing:
            counties.setdefault(entry["text"], []).append(source.county_code)
    names = regions.names_of({source.county_code for source in stopped})
    known = policy.load().parameters
    return [
        entry
        | {
            "parameters": [known[name] for name in entry["name"].split("、") if name in known],
            "places": [names.get(code, code) for code in counties[text]],
        }
        for text, entry in found.items()
    ]


def _trail(place: str, home: str) -> list[tuple[str, str]]:
    """The way from the account's region down to the place that is shown, without the place itself."""
    if not place or place == home:
        return []
    above = list(regions.ancestors(place))[1:]
    above = above[: above.index(home) + 1] if home in above else []
    names = regions.names_of(above)
    return [(code if code != home else "", names.get(code, code)) for code in reversed(above)]


def _label(code: str) -> str:
    return catalogue.rules()[code].rule.label


def _township(row: dict[str, Any]) -> str:
    return f"{row['region_code'][:9]}000"


def _key(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
