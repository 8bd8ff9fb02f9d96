"""The register: a list to search, and one page per household with its people, the source of every field, and what was found."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shouwang.foundation import identity, secrets
from shouwang.jobs import exports
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.registry import actions as registry
from shouwang.registry.models import Household, Monitoring, Person

from .. import household_page, household_registers, lists
from ..access import account_of, needs, scope_of, seen_or_404

ORDERS = (
    lists.Order("village", ("region_code", "household_no")),
    lists.Order("number", ("household_no",)),
)


def _orders(form: lists.ListForm) -> tuple[lists.Order, ...]:
    """Above county level only the order of the villages: any other would sort a million households for one page."""
    place = form.place or form.home
    return ORDERS if place and regions.region(place).level >= Level.COUNTY else ORDERS[:1]


class HouseholdsForm(lists.ListForm):
    kind = forms.ChoiceField(
        label="户类型",
        required=False,
        choices=[
            ("", "全部"),
            ("脱贫户", "脱贫户"),
            ("一般农户", "一般农户"),
            ("monitored", "监测对象"),
            ("gone", "最近文件中没有的"),
        ],
    )
    q = forms.CharField(label="姓名或户编号", required=False, max_length=60, widget=forms.HiddenInput)

    @property
    def filters(self) -> dict[str, str]:
        return self.kept({"kind": self.chosen("kind"), "text": self.text})

    @property
    def text(self) -> str:
        return self.chosen("q").strip()

    @property
    def is_too_wide(self) -> bool:
        """A family name alone finds every fourteenth household of a city: nobody reads that, and it holds up everybody else."""
        place = self.place or self.home
        is_wide = not place or regions.region(place).level < Level.COUNTY
        return is_wide and len(self.text) == 1 and not self.text.isascii()


class SearchForm(forms.Form):
    """One box for a name, a household number or an identity number. It is sent by POST: no number stands in an address."""

    text = forms.CharField(label="姓名、户编号或证件号码", max_length=60, strip=True)


@needs(roles.SEE_HOUSEHOLDS)
def households(request: HttpRequest) -> HttpResponse:
    """The list: filter, sort, page; the search box above it."""
    scope = scope_of(request)
    form = HouseholdsForm(request.GET, scope=scope, home=account_of(request).region_code)
    rows = exports.households(scope, form.filters)
    is_searched, is_too_wide = bool(form.text) or form.chosen("kind") == "gone", form.is_too_wide
    page = lists.page(
        rows.none() if is_too_wide else rows,
        orders=_orders(form),
        asked=request.GET,
        unit="户",
        is_searched=is_searched,
    )
    page.names = regions.names_of(
        {code for row in page.rows for code in (row.region_code, row.region_code[:9] + "000")}
    )
    monitored = set(
        Monitoring.objects.filter(household__in=page.rows, is_cleared=False, is_withdrawn=False).values_list(
            "household_id", flat=True
        )
    )
    names = {"form": form, "page": page, "monitored": monitored, "search": SearchForm({"text": form.chosen("q")})}
    names |= {"sorts_by_number": len(_orders(form)) > 1, "is_too_wide": is_too_wide}
    return render(request, "web/households/households.html", names)


@require_POST
@needs(roles.SEE_HOUSEHOLDS)
def search(request: HttpRequest) -> HttpResponse:
    """Goes to the household of an identity number, or to the list of what a name or number finds."""
    form = SearchForm(request.POST)
    if not form.is_valid():
        return redirect("households")
    text = form.cleaned_data["text"]
    number = _identity_number(text)
    if number is None:
        return redirect(f"{reverse('households')}?{urlencode({'q': text})}")
    index = secrets.load().blind_index(number)
    people = scope_of(request).filter(Person.objects.filter(identity_index=index, is_withdrawn=False))
    found = people.select_related("household").first()
    if found is not None:
        return redirect("household", found.household.household_no)
    messages.error(request, "本辖区的档案里没有这个证件号码。请核对号码，或按姓名查找。")
    return redirect("households")


def _identity_number(text: str) -> str | None:
    """The normalised number when the text is one."""
    try:
        return identity.parse(text).text
    except identity.IdentityNumberError:
        return None


@never_cache
@needs(roles.SEE_HOUSEHOLDS)
def household(request: HttpRequest, household_no: str) -> HttpResponse:
    """One household; numbers masked."""
    shown = _household_or_404(request, household_no)
    names = household_page.names(shown, scope_of(request))
    names |= household_registers.names(shown, scope=scope_of(request), account=account_of(request))
    return render(request, "web/households/household.html", names)


class UnmaskForm(forms.Form):
    person = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="查看事由",
        min_length=4,
        max_length=100,
        error_messages={"required": "请写明为什么要看完整号码。", "min_length": "事由太短，请写清楚用途。"},
    )


@never_cache
@require_POST
@needs(roles.UNMASK)
def unmask(request: HttpRequest, household_no: str) -> HttpResponse:
    """Shows the numbers of one person once, with a reason that goes into the log; the page loaded again masks them."""
    shown = _household_or_404(request, household_no)
    form = UnmaskForm(request.POST)
    names = household_page.names(shown, scope_of(request))
    if not form.is_valid():
        names["unmask_error"] = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return render(request, "web/households/household.html", names, status=400)
    person = seen_or_404(shown.persons.filter(is_withdrawn=False), scope_of(request), pk=form.cleaned_data["person"])
    values = registry.unmask(person=person, by=account_of(request), reason=form.cleaned_data["reason"])
    names["unmasked"] = {"person": person, "values": [(heading, text) for heading, text in values.items() if text]}
    return render(request, "web/households/household.html", names)


def _household_or_404(request: HttpRequest, household_no: str) -> Household:
    rows = Household.objects.filter(is_withdrawn=False).select_related("batch", "first_batch")
    return seen_or_404(rows, scope_of(request), household_no=household_no)
