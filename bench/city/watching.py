"""What watches over the cases: disasters with their screening lists, lists to departments, samples, inspections, supervision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from shouwang.casework.models import Case, SupervisedTask, Supervision, Task
from shouwang.households.inspections import KINDS, MEASURES
from shouwang.households.models import (
    DepartmentList,
    EventEntry,
    EventUnit,
    InspectedItem,
    Inspection,
    LargeScaleEvent,
    ListRow,
    Measure,
    SampledCase,
    SampleDraw,
    ScreenedHousehold,
)

from .register import CITY, TODAY, City
from .writing import moment, plain, put

_EVENTS, _LISTS, _DRAWS, _INSPECTIONS = 40, 60, 30, 80
_DEPARTMENTS = ("medical_insurance", "civil_affairs", "education", "housing", "human_resources")


def fill(city: City, scale: float) -> None:
    counties = list(city.villages)
    _events(city, counties, max(1, int(25 * scale)))
    _lists(counties, max(5, int(400 * scale)))
    _samples(counties, max(5, int(200 * scale)))
    _inspections(counties, max(5, int(100 * scale)))
    _supervisions(city)


def _events(city: City, counties: list[str], step: int) -> None:
    columns = ("id", "kind", "title", "region_code", "happened_on", "source", "basis", "due_on", "at")
    put(
        LargeScaleEvent,
        columns,
        (
            (key, "natural_disaster", f"暴雨{key}", counties[key % len(counties)], TODAY - dt.timedelta(days=key),
             "应急管理部门", "alleviated", TODAY + dt.timedelta(days=10 - key), moment(TODAY))
            for key in range(1, _EVENTS + 1)
        ),
    )  # fmt: skip
    homes: dict[str, list[tuple[int, str]]] = {}
    for household, village in city.households:
        homes.setdefault(f"{village[:6]}000000", []).append((household, village))

    def rows() -> Iterator[tuple[Any, ...]]:
        key = 0
        for event in range(1, _EVENTS + 1):
            for household, village in homes[counties[event % len(counties)]][event :: max(2, 60 // step)]:
                key += 1
                asked = (None, 1, 0)[key % 3]
                yield key, event, household, village, asked, None if asked is None else TODAY

    put(ScreenedHousehold, ("id", "event_id", "household_id", "region_code", "is_affected", "checked_on"), rows())
    put(
        EventEntry,
        ("id", "event_id", "what", "text", "on", "at"),
        ((key, 1 + key % _EVENTS, "进展", "已排查", TODAY, moment(TODAY)) for key in range(1, 4 * _EVENTS)),
    )
    put(
        EventUnit,
        ("id", "event_id", "department", "duty", "due_on", "asked_on"),
        (
            (key, 1 + key // len(_DEPARTMENTS), _DEPARTMENTS[key % len(_DEPARTMENTS)], "提供受灾名单", TODAY, TODAY)
            for key in range(_EVENTS * len(_DEPARTMENTS))
        ),
    )


def _lists(counties: list[str], size: int) -> None:
    columns = ("id", "department", "region_code", "title", "purpose", "columns", "sent_on", "answer_by_on", "at")
    put(
        DepartmentList,
        columns,
        (
            (key, _DEPARTMENTS[key % len(_DEPARTMENTS)], counties[key % len(counties)], f"名单{key}", "落实措施",
             plain(["township", "village", "head_name"]), TODAY - dt.timedelta(days=key), TODAY, moment(TODAY))
            for key in range(1, _LISTS + 1)
        ),
    )  # fmt: skip
    measures = list(Measure.objects.order_by("pk").values_list("pk", "case_id", "region_code", "case__household_id"))
    by_county = _by_county(measures)

    def rows() -> Iterator[tuple[Any, ...]]:
        key = 0
        for one in range(1, _LISTS + 1):
            for measure, case, village, household in by_county[counties[one % len(counties)]][one::3][:size]:
                key += 1
                answered = ("done", TODAY) if key % 3 else ("", None)
                yield key, one, f"M{key}", village, case, measure, household, *answered

    columns = ("id", "list_id", "mark", "region_code", "case_id", "measure_id", "household_id", "answer", "answered_on")
    put(ListRow, columns, rows())


def _samples(counties: list[str], size: int) -> None:
    cleared = Case.objects.filter(state="cleared").order_by("pk").values_list("pk", "case_no", "region_code")
    by_county = _by_county(list(cleared))
    drawn = {key: by_county[counties[key % len(counties)]] for key in range(1, _DRAWS + 1)}
    columns = ("id", "region_code", "from_on", "until_on", "size", "seed", "population", "drawn_on", "at")
    put(
        SampleDraw,
        columns,
        (
            (key, counties[key % len(counties)], "2022-01-01", "2022-07-01", min(size, len(found)), f"{key}",
             plain([[number, village] for _, number, village in found]), TODAY - dt.timedelta(days=key), moment(TODAY))
            for key, found in drawn.items()
        ),
    )  # fmt: skip

    def rows() -> Iterator[tuple[Any, ...]]:
        key = 0
        for draw, found in drawn.items():
            for place, (case, _, village) in enumerate(found[:size], 1):
                key += 1
                checked = (int(key % 9 > 0), TODAY) if key % 2 else (None, None)
                yield key, draw, case, village, place, *checked

    put(SampledCase, ("id", "draw_id", "case_id", "region_code", "place", "is_correct", "checked_on"), rows())


def _inspections(counties: list[str], size: int) -> None:
    measures = list(Measure.objects.order_by("pk").values_list("pk", "region_code"))
    by_county = _by_county([(pk, village) for pk, village in measures])
    drawn = {key: by_county[counties[key % len(counties)]][key::7] for key in range(1, _INSPECTIONS + 1)}
    columns = ("id", "kind", "region_code", "cites", "size", "seed", "population", "drawn_on", "at")
    put(
        Inspection,
        columns,
        (
            (key, MEASURES, counties[key % len(counties)], plain([]), min(size, len(found)), f"{key}",
             plain([[str(pk), village] for pk, village in found]), TODAY - dt.timedelta(days=key), moment(TODAY))
            for key, found in drawn.items()
        ),
    )  # fmt: skip
    sound = {code: next(iter(one.choices)) for code, one in KINDS[MEASURES].questions.items()}

    def rows() -> Iterator[tuple[Any, ...]]:
        key = 0
        for inspection, found in drawn.items():
            for place, (measure, village) in enumerate(found[:size], 1):
                key += 1
                found_so = (None, "{}", None, "", None)
                if key % 3 == 1:
                    found_so = (1, plain(sound), TODAY, "", None)
                elif key % 3 == 2:
                    found_so = (
                        0,
                        plain(sound | {"done": "no"}),
                        TODAY,
                        "未落实",
                        TODAY - dt.timedelta(days=key % 9 - 4),
                    )
                yield key, inspection, place, village, measure, plain({"措施": "公益岗位"}), *found_so

    columns = (
        "id",
        "inspection_id",
        "place",
        "region_code",
        "measure_id",
        "told",
        "is_sound",
        "findings",
        "checked_on",
    )
    put(InspectedItem, (*columns, "note", "rectify_by"), rows())


def _supervisions(city: City) -> None:
    """Every township was asked some times about what was late in it; one of four is still open. The city asked its counties."""
    units = [(f"{code}000", county) for county, at in city.villages.items() for code in sorted({v[:9] for v in at})]
    units += [(county, CITY) for county in city.villages]
    rows, items, key = [], [], 0
    late: dict[str, list[int]] = {}
    open_late = Task.objects.filter(is_open=True, due_on__lt=TODAY).order_by("pk").values_list("pk", "region_code")
    for task, village in open_late:
        late.setdefault(f"{village[:9]}000", []).append(task)
    for unit, asker in units:
        for past in range(4):
            key += 1
            asked_on = TODAY - dt.timedelta(days=7 + 30 * past)
            over = (
                (None, "", None) if past == 0 and key % 4 == 0 else (asked_on + dt.timedelta(days=6), "已办", asked_on)
            )
            rows.append(
                (key, unit, asker, "7300000", asked_on, asked_on + dt.timedelta(days=7), moment(asked_on), *over)
            )
            items += [(key, task) for task in late.get(unit, [])[:60]]
    columns = ("id", "region_code", "asked_by_region", "phone", "asked_on", "reply_by", "at", "closed_on", "answer")
    put(Supervision, (*columns, "answered_on"), rows)
    put(SupervisedTask, ("id", "supervision_id", "task_id"), ((n, *pair) for n, pair in enumerate(items, 1)))


def _by_county(rows: list[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        village = next(cell for cell in row if isinstance(cell, str) and len(cell) == 12 and cell.isdigit())
        found.setdefault(f"{village[:6]}000000", []).append(row)
    return found
