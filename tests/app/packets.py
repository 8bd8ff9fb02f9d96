"""A village as the server sends it to a phone: invented people, in the shape of docs/reference/rooms.md."""

from __future__ import annotations

import datetime as dt
from typing import Any

SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", ("建国", "秀兰", "志强", "桂英", "小军", "玉梅", "海涛", "淑珍")
GROUPS = ("一组", "二组", "三组")


def field(name: str, label: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "kind": kind,
        "required": False,
        "choices": [],
        "required_if": None,
        "help": "",
    } | more


VISIT_FIELDS = [
    field(
        "work_kind",
        "务工变化",
        "choice",
        group="work_change",
        choices=[["went_out", "外出务工"], ["came_back", "返乡在家"]],
    ),
    field("work_member", "是谁", "member", group="work_change", required_if=["work_kind", ["went_out", "came_back"]]),
    field("work_to", "到哪里", group="work_change", required_if=["work_kind", ["went_out"]]),
    field("resident_count", "常住人数", "number", unit="人"),
    field("work_place", "务工地点"),
    field("month_wage", "本月务工收入", "number", unit="元"),
    field("water", "饮水", "choice", choices=[["ok", "正常"], ["out", "停水"], ["bad", "水质不好"]]),
    field("needs", "有什么困难", "long_text"),
    field("died_member", "去世的是", "member", required=True, required_if=["result", ["died"]]),
]
VERIFY = {
    "code": "verify",
    "label": "入户核实",
    "fields": [
        field(
            "result",
            "核实结果",
            "choice",
            required=True,
            choices=[
                ["confirmed", "情况属实，有返贫风险"],
                ["no_risk", "没有风险"],
                ["died", "已去世"],
                ["moved", "已迁出"],
                ["not_found", "查无此人"],
                ["wrong_data", "数据有误"],
            ],
        ),
        field(
            "risks",
            "是什么风险",
            "choices",
            required=True,
            required_if=["result", ["confirmed"]],
            choices=[["illness", "因病"], ["disability", "因残"], ["schooling", "因学"]],
        ),
        field("note", "情况说明", "long_text", help="不写病名。可以点键盘上的话筒，用说的。"),
    ],
}


def household(number: int) -> dict[str, Any]:
    head = f"{SURNAMES[number % 10]}{GIVEN[number % 8]}{number if number >= 40 else ''}"
    return {
        "no": f"1306300000{number:06d}",
        "head": head,
        "size": 2 + number % 4,
        "group": GROUPS[number * 3 // 80 % 3],
        "door": number,
        "tags": [["脱贫户"], [], ["脱贫户", "监测对象"], []][number % 4],
        "address": f"南关村{GROUPS[number * 3 // 80 % 3]} {number} 号",
        "is_in_scope": True,
        "version": 1,
        "members": [
            {
                "id": number * 10 + place,
                "no": f"1306300000{number:06d}{place:02d}",
                "name": head if place == 0 else f"{head[0]}{GIVEN[(number + place) % 8]}",
                "relation": ["户主", "配偶", "之子", "之女", "之母"][place],
                "age": 60 - 7 * place,
                "labour": "普通劳动力",
                "identity": "130630********1234",
                "phone": "138****1234" if place == 0 else "",
            }
            for place in range(2 + number % 4)
        ],
        "known": [
            {
                "field": "income_last_year",
                "label": "上年人均纯收入",
                "value": "9800.00",
                "text": "9,800.00 元",
                "source": "全国系统导出",
                "as_of": "2022-06-30",
            },
            {
                "field": "work_place",
                "label": "务工地点",
                "value": "保定市",
                "text": "保定市",
                "source": "走访",
                "as_of": "2022-06-14",
            },
            {
                "field": "water",
                "label": "饮水",
                "value": "ok",
                "text": "正常",
                "source": "水利局",
                "as_of": "2022-06-30",
            },
        ],
        "last_visit_on": "2022-06-14",
        "confirmed_on": "2022-07-04" if number % 5 == 4 else None,
    }


def task(number: int, household_number: int, due_on: str | None, **more: Any) -> dict[str, Any]:
    return {
        "id": f"lead-{number}",
        "kind": "lead",
        "household_no": household(household_number)["no"],
        "title": "入户核实线索",
        "plain": "到家里看一看，问清楚，再选核实结果。",
        "reasons": ["个人自付医疗费 2.1 万元，超过预警线", "上年人均纯收入低于监测线"],
        "due_on": due_on,
        "late": bool(due_on and due_on < "2022-07-18"),
        "version": 3,
        "takes_photo": True,
        "steps": [VERIFY],
    } | more


def packet(
    *, now: dt.datetime, count: int = 80, login: str = "zhao", name: str = "网格员赵", days: int = 7
) -> dict[str, Any]:
    return {
        "packet_version": 1,
        "device": "",
        "account": {"login": login, "name": name, "role": "村级网格员"},
        "village": {"code": "130630100001", "name": "南关村", "full_name": "河北省保定市涞源县涞源镇南关村"},
        "day": "2022-07-18",
        "made_at": now.isoformat(),
        "expires_at": (now + dt.timedelta(days=days)).isoformat(),
        "households": [household(number) for number in range(count)],
        "tasks": [
            task(1, 1, "2022-07-16"),
            task(2, 5, "2022-07-20"),
            task(3, 7, None, kind="notice", title="公示照片还没有", reasons=[], steps=[], plain="公示栏拍一张照片。"),
        ],
        "forms": {
            "visit": {
                "label": "走访",
                "fields": VISIT_FIELDS,
                "results": [
                    ["died", "已去世"],
                    ["moved", "已迁出"],
                    ["not_found", "查无此人"],
                    ["wrong_data", "数据有误"],
                ],
                "methods": [["onsite", "入户"], ["phone", "电话"]],
            }
        },
    }
