"""Taking a file in: upload, the headings that were not understood, what would happen, and the import itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shouwang.feeds.datasets import DATASETS
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.intake import actions as intake
from shouwang.jobs import arrivals, clock, queue
from shouwang.jobs.arrivals import Arrival, Look
from shouwang.jobs.models import Job, JobState
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from .. import lists, sheets
from ..access import account_of, needs, scope_of, seen_or_404

_IMPORTERS = (roles.IMPORT_REGISTRY, roles.IMPORT_FEEDS)
_GUESS = "guess"
_UNWANTED = "-"
_SESSION = "arrival"


class UploadForm(forms.Form):
    """The file and what its receiver knows about it."""

    file = forms.FileField(
        label="文件",
        help_text=".xlsx、.xls 或 .csv",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
    )
    dataset = forms.ChoiceField(label="是什么数据")
    region = forms.ChoiceField(label="区域", help_text="选市则按县拆分")
    period = forms.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])$",
        label="所属月份",
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2022-06"}),
        error_messages={"invalid": "请写成 2022-06 的形式。"},
    )
    sender = forms.CharField(label="报送单位", required=False, max_length=80, help_text="表头的对应关系按报送单位记住")

    def __init__(self, *arguments: Any, account: Account, scope: Scope, **names: Any) -> None:
        super().__init__(*arguments, **names)
        self.fields["file"].error_messages |= {
            "required": "请选择文件。",
            "empty": "文件是空的，请检查是否选错了文件。",
        }
        lists.offer(self, "dataset", [(_GUESS, "自动识别"), *datasets_open_to(account)])
        lists.offer(self, "region", regions_open_to(account, scope))


def datasets_open_to(account: Account) -> list[tuple[str, list[tuple[str, str]]]]:
    """What an account may import, in two groups."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    if account.may(roles.IMPORT_REGISTRY):
        groups.append(("农户档案（全国系统导出）", list(sheets.REGISTRY_SHEETS.items())))
    if account.may(roles.IMPORT_FEEDS):
        groups.append(("部门数据", [(code, f"{one.label}（{one.department}）") for code, one in DATASETS.items()]))
    return groups


def regions_open_to(account: Account, scope: Scope) -> list[tuple[str, str]]:
    """The account's own region, and the counties below it."""
    if not account.region_code:
        return []
    own = regions.region(account.region_code)
    choices = [(own.code, own.name)]
    if own.level < Level.COUNTY:
        choices += [(child.code, child.name) for child in regions.children(own.code) if scope.contains(child.code)]
    return choices


@needs(*_IMPORTERS)
def upload(request: HttpRequest) -> HttpResponse:
    """The form; a file whose headings are understood goes straight to its preview."""
    me, scope = account_of(request), scope_of(request)
    initial = {
        "dataset": request.GET.get("dataset", _GUESS),
        "region": request.GET.get("region", me.region_code),
        "period": request.GET.get("period") or str(Month.of(clock.today()).plus(-1)),
    }
    form = UploadForm(request.POST or None, request.FILES or None, account=me, scope=scope, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _take_in(request, form)
        except UserError as error:
            form.add_error(None, str(error))
    return render(request, "web/files/upload.html", {"form": form, "section": "files"})


def _take_in(request: HttpRequest, form: UploadForm) -> HttpResponse:
    given = form.cleaned_data
    arrival = Arrival(
        digest=arrivals.keep(Path(given["file"].temporary_file_path())),
        file_name=given["file"].name,
        purpose="",
        dataset=given["dataset"],
        region_code=given["region"],
        period=given["period"],
        sender=given["sender"].strip(),
    )
    with arrivals.opened(arrival) as path:
        if arrival.dataset == _GUESS:
            known = arrivals.guess(path, sender=arrival.sender, contracts=_contracts(account_of(request)))
            if not known:
                next_step = "请在“是什么数据”里选一项，下一步可以指定各列的含义。"
                raise UserError("从表头看不出这是什么数据", place=path.name, next_step=next_step)
            arrival = replace(arrival, dataset=known)
        arrival = replace(arrival, purpose="registry" if arrival.dataset in sheets.REGISTRY_SHEETS else "feed")
        look = arrivals.look(path, arrivals.contract_of(arrival.dataset), sender=arrival.sender)
    if look.fits:
        return _plan(request, arrival)
    request.session[_SESSION] = arrival.arguments
    return redirect("mapping")


def _contracts(account: Account) -> dict[str, Any]:
    open_to = {code for _, group in datasets_open_to(account) for code, _ in group}
    return {code: contract for code, contract in arrivals.contracts().items() if code in open_to}


def _plan(request: HttpRequest, arrival: Arrival) -> HttpResponse:
    """Starts the background work that says what an import would do."""
    me = account_of(request)
    if not me.may(roles.IMPORT_REGISTRY if arrival.purpose == "registry" else roles.IMPORT_FEEDS):
        raise PermissionDenied
    job = queue.ask(
        recipe=f"plan_{arrival.purpose}", arguments=arrival.arguments, region_code=arrival.region_code, by=me
    )
    return redirect("plan", job.pk)


class MappingForm(forms.Form):
    """For each heading of the file: which column it is."""

    def __init__(self, data: Any, *, look: Look) -> None:
        super().__init__(data)
        self.headings = {f"column_{place}": text for place, text in enumerate(dict.fromkeys(look.texts))}
        choices = [("", "（照程序认的）"), (_UNWANTED, "不要这一列")]
        choices += [
            (column.heading, f"{column.heading}{'（必需）' if column.is_required else ''}")
            for column in look.contract.columns
        ]
        for name, text in self.headings.items():
            known = look.known.get(text)
            self.fields[name] = forms.ChoiceField(
                label=text, required=False, choices=choices, initial=known or "", help_text=""
            )

    @property
    def mapping(self) -> dict[str, str]:
        chosen = {text: self.cleaned_data.get(name, "") for name, text in self.headings.items()}
        return {text: "" if column == _UNWANTED else column for text, column in chosen.items() if column}


@needs(*_IMPORTERS)
def mapping(request: HttpRequest) -> HttpResponse:
    """Asks which column is which; the answer is remembered for this sender."""
    if _SESSION not in request.session:
        return redirect("upload")
    arrival = Arrival.of(request.session[_SESSION])
    if not scope_of(request).contains(arrival.region_code):
        raise Http404
    contract = arrivals.contract_of(arrival.dataset)
    error = ""
    with arrivals.opened(arrival) as path:
        look = arrivals.look(path, contract, sender=arrival.sender)
        form = MappingForm(request.POST or None, look=look)
        if request.method == "POST" and form.is_valid():
            again = arrivals.look(path, contract, sender=arrival.sender, mapping=form.mapping)
            if again.fits:
                intake.remember_headings(
                    dataset=arrival.dataset, sender=arrival.sender, mapping=form.mapping, by=account_of(request)
                )
                del request.session[_SESSION]
                return _plan(request, arrival)
            error = _still_missing(again)
    names = {"form": form, "look": look, "arrival": arrival, "error": error, "ambiguous_count": len(look.ambiguous)}
    return render(request, "web/files/mapping.html", names | {"section": "files"})


def _still_missing(look: Look) -> str:
    if look.missing:
        return f"还没有指定：{'、'.join(look.missing)}。"
    return f"有不止一列被当作：{'、'.join(look.ambiguous)}；请只留一列，其余选“不要这一列”。"


@needs(*_IMPORTERS)
def plan(request: HttpRequest, job_id: int) -> HttpResponse:
    """What an import would do; the button does it."""
    rows = Job.objects.filter(recipe__startswith="plan_", asked_by=account_of(request))
    job = seen_or_404(rows, scope_of(request), pk=job_id)
    arrival = Arrival.of(job.arguments)
    if request.method == "POST" and job.state == JobState.DONE:
        recipe = f"import_{arrival.purpose}"
        started = queue.ask(recipe=recipe, arguments=job.arguments, region_code=job.region_code, by=account_of(request))
        return redirect("job", started.pk)
    is_over = job.state in (JobState.DONE, JobState.FAILED)
    result = job.result if job.state == JobState.DONE else None
    names = {
        "job": job,
        "arrival": arrival,
        "label": sheets.LABELS.get(arrival.dataset, arrival.dataset),
        "plan": result,
        "parts": sheets.parts_of(arrival.purpose, result["counts"]) if result else [],
        "records": sheets.records_of(result["counts"]) if result else [],
        "names": regions.names_of({share["county"] for share in result.get("shares", [])}) if result else {},
        "is_over": is_over,
        "is_failed": job.state == JobState.FAILED,
        "section": "files",
    }
    return render(request, "web/files/plan.html", names)
