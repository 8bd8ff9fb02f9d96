"""缺水处置: one shortage of a water point, how many households it reaches, what supplies them meanwhile, when it is over (hengshui-2022-1#C.3.7.1)."""

from __future__ import annotations

from ..declaration import UNIT, VILLAGE_LEVEL, Case, Figure, Register, choice, day, whole

_CLAUSE = "hengshui-2022-1#C.3.7.1"

REGISTER = Register(
    code="water_shortages",
    label="缺水处置",
    description="季节性缺水和饮水不安全的处置，一次一行；停水起止另由水利数据给出并按规则筛查",
    department="water",
    level=VILLAGE_LEVEL,
    about=UNIT,
    name_label="缺水事件名称",
    unit="次",
    part_of="water_points",
    columns=(
        choice("cause", "缺水原因", ("干旱", "设施损坏", "水质不合格", "停电", "其他"), is_required=True),
        day("began_on", "处置开始日", is_required=True),
        whole("served", "影响户数", "户", is_required=True),
        choice("supply", "应急供水方式", ("送水车", "桶装水", "邻近水源", "备用井", "没有应急供水"), is_required=True),
        day("over_on", "恢复供水日"),
    ),
    key=("began_on",),
    starts="began_on",
    ends="over_on",
    figures=(
        Figure("open", "没有恢复", unit="次", cites=(_CLAUSE,)),
        Figure("served", "影响户数", of="served", unit="户", cites=(_CLAUSE,)),
        Figure("without", "没有应急供水", where={"supply": "没有应急供水"}, unit="次", cites=(_CLAUSE,)),
    ),
    links=(("register:water_points", "供水点"),),
    cites=(_CLAUSE,),
    open=("多少天内解决，除停水规则的参数外文件没有给出。",),
    cases=(
        Case(
            "一次还没有恢复，一次已恢复",
            (
                {"cause": "干旱", "began_on": "2022-06-20", "served": 40, "supply": "送水车"},
                {
                    "cause": "设施损坏",
                    "began_on": "2022-05-01",
                    "served": 100,
                    "supply": "没有应急供水",
                    "over_on": "2022-05-03",
                },
            ),
            {"open": "1", "served": "40", "without": "0"},
        ),
        Case(
            "恢复早于开始",
            (
                {
                    "cause": "干旱",
                    "began_on": "2022-06-20",
                    "served": 1,
                    "supply": "送水车",
                    "over_on": "2022-06-01",
                },
            ),
            refused="早于",
        ),
    ),
)
