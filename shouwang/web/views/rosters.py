"""The roster as a file: a blank one, the one in force, and one that is imported after a look at what it would change."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from shouwang.foundation.errors import UserError
from shouwang.intake import template as blank
from shouwang.jobs import clock, rosters
from shouwang.organisation import roles

from .. import places
from ..access import account_of, needs, scope_of
from ..middleware import writing


class RosterForm(forms.Form):
    file = forms.FileField(
        label="名册文件",
        help_text=".xlsx、.xls 或 .csv",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请检查是否选错了文件。"},
    )
    region = places.RegionField(label="哪里的名册", help_text="名称或代码")
    ends_missing = forms.BooleanField(
        label="名册中没有的在岗人员，视为从今天起离任", required=False, help_text="只看名册里出现的单位"
    )
    is_dry_run = forms.BooleanField(label="只检查，不导入", required=False)


@needs(roles.MANAGE_STAFF)
def roster(request: HttpRequest) -> HttpResponse:
    """Takes a roster in, or says what it would change."""
    me = account_of(request)
    form = RosterForm(request.POST or None, request.FILES or None, initial={"region": me.region_code})
    region = form.fields["region"]
    assert isinstance(region, places.RegionField)
    region.scope = scope_of(request)
    names = {"form": form, "section": "institutions"}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / Path(given["file"].name).name
                path.write_bytes(given["file"].read())
                names["reading"], names["outcome"] = rosters.take(
                    path,
                    region_code=given["region"],
                    today=clock.today(),
                    by=me,
                    ends_missing=given["ends_missing"],
                    dry_run=given["is_dry_run"],
                )
            names["is_dry_run"] = given["is_dry_run"]
        except UserError as error:
            form.add_error(None, str(error))
    return render(request, "web/staff/roster.html", names)


@needs(roles.MANAGE_STAFF)
def roster_template(request: HttpRequest) -> HttpResponseBase:
    """The blank roster with notes and drop-downs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.xlsx"
        blank.write(rosters.ROSTER, path)
        return FileResponse(path.open("rb"), as_attachment=True, filename="机构人员名册-模板.xlsx")


@needs(roles.MANAGE_STAFF)
def roster_file(request: HttpRequest) -> HttpResponseBase:
    """Everybody in office today with their telephones, in the columns of the import; one line in the log."""
    me = account_of(request)
    with tempfile.TemporaryDirectory() as folder, writing():
        path = Path(folder) / "file.xlsx"
        rosters.write(
            path, scope=scope_of(request), on=clock.today(), by=me, region_code=me.region_code, with_phones=True
        )
        return FileResponse(path.open("rb"), as_attachment=True, filename="机构人员名册.xlsx")
