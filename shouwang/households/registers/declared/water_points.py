"""供水点: what supplies which village, who looks after it, how the water is, whether it runs dry by season (hengshui-2022-1#C.3.7.1)."""

from __future__ import annotations

from ..declaration import UNIT, VILLAGE_LEVEL, Case, Figure, Register, choice, day, money, text, whole, yes_no

_CLAUSE = "hengshui-2022-1#C.3.7.1"

REGISTER = Register(
    code="water_points",
    label="供水点",
    description="农村供水设施，一处一行；长效管护写明谁管、谁出钱",
    department="water",
    level=VILLAGE_LEVEL,
    about=UNIT,
    name_label="供水点名称",
    unit="处",
    columns=(
        choice("kind", "供水方式", ("城镇管网延伸", "联村供水", "单村供水", "分散供水"), is_required=True),
        whole("served", "供水户数", "户", is_required=True),
        text("keeper", "管护单位或岗位", is_required=True),
        money("upkeep", "年管护经费"),
        day("tested_on", "最近水质检测日"),
        choice("quality", "最近水质检测结果", ("合格", "不合格", "没有检测")),
        yes_no("is_seasonal", "季节性缺水"),
        choice("status", "设施状况", ("正常", "待维修", "停用"), is_required=True),
    ),
    status="status",
    amount="upkeep",
    figures=(
        Figure("points", "供水点", unit="处", cites=(_CLAUSE,)),
        Figure("served", "供水户数", of="served", unit="户", cites=(_CLAUSE,)),
        Figure("repair", "待维修", where={"status": "待维修"}, unit="处", cites=(_CLAUSE,)),
        Figure("bad", "水质不合格", where={"quality": "不合格"}, unit="处", cites=(_CLAUSE,)),
        Figure("seasonal", "季节性缺水", where={"is_seasonal": "是"}, unit="处", cites=(_CLAUSE,)),
    ),
    links=(("register:water_shortages", "缺水处置"),),
    cites=(_CLAUSE,),
    cases=(
        Case(
            "两处供水，一处季节性缺水",
            (
                {"kind": "单村供水", "served": 120, "keeper": "村委会", "status": "正常", "quality": "合格"},
                {"kind": "分散供水", "served": 15, "keeper": "水管员岗位", "status": "待维修", "is_seasonal": True},
            ),
            {"points": "2", "served": "135", "repair": "1", "seasonal": "1"},
        ),
        Case(
            "没有管护单位",
            ({"kind": "单村供水", "served": 120, "status": "正常"},),
            refused="“管护单位或岗位”不能为空",
        ),
    ),
)
