"""The departments that take part, under one code each, with the ways in which files write them.

The code joins a liaison's account, the lists that a department answers and the measures that it owns (S0-C 三, S4-C).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Department:
    """``label`` is how people say it, ``name`` what stands on its door, ``others`` what else files write."""

    code: str
    label: str
    name: str
    others: tuple[str, ...] = ()


DEPARTMENTS: tuple[Department, ...] = (
    Department("rural_revitalisation", "乡村振兴局", "乡村振兴局", ("扶贫办", "防贫办")),
    Department("medical_insurance", "医保局", "医疗保障局", ("医保",)),
    Department("disabled_federation", "残联", "残疾人联合会"),
    Department("civil_affairs", "民政局", "民政局", ("民政",)),
    Department("education", "教育局", "教育局", ("教育", "教体局", "教育和体育局")),
    Department("health", "卫健局", "卫生健康局", ("卫健", "卫生健康委员会", "卫健委")),
    Department("housing", "住建局", "住房和城乡建设局", ("住建",)),
    Department("water", "水利局", "水利局", ("水利", "水务局")),
    Department("human_resources", "人社局", "人力资源和社会保障局", ("人社",)),
    Department("agriculture", "农业农村局", "农业农村局", ("农业农村", "农业局")),
    Department("emergency", "应急管理局", "应急管理局", ("应急", "应急局")),
    Department("public_security", "公安局", "公安局", ("公安", "交警大队")),
    Department("market_supervision", "市场监管局", "市场监督管理局", ("市场监管",)),
    Department("natural_resources", "自然资源局", "自然资源和规划局", ("自然资源", "自然资源局", "国土局")),
    Department("transport", "交通运输局", "交通运输局", ("交通", "交通局")),
    Department("finance", "财政局", "财政局", ("财政",)),
    Department("petitions", "信访局", "信访局", ("信访",)),
    Department("justice", "司法局", "司法局", ("司法",)),
    Department("commerce", "商务局", "商务局", ("商务",)),
    Department("culture_tourism", "文旅局", "文化广电和旅游局", ("文旅",)),
    Department("financial_work", "金融办", "地方金融工作办公室", ("金融", "金融工作局")),
    Department("federation_of_industry", "工商联", "工商业联合会"),
    Department("youth_league", "团委", "共青团委员会", ("共青团",)),
    Department("womens_federation", "妇联", "妇女联合会"),
    Department("trade_union", "工会", "总工会"),
    Department("organisation_department", "组织部", "组织部"),
    Department("publicity", "宣传部", "宣传部"),
)

BY_CODE = {department.code: department for department in DEPARTMENTS}


def label_of(code: str) -> str:
    """How people say a department; the code itself where it is unknown."""
    return BY_CODE[code].label if code in BY_CODE else code


def department_named(text: str) -> Department | None:
    """The department that a file means: its code, or any of its names, also at the end of one (涞源县医疗保障局)."""
    text = "".join(text.split())
    if text in BY_CODE:
        return BY_CODE[text]
    best: tuple[int, Department] | None = None
    for department in DEPARTMENTS:
        for name in {department.label, department.name, *department.others}:
            if text.endswith(name) and (best is None or len(name) > best[0]):
                best = (len(name), department)
    return best[1] if best else None
