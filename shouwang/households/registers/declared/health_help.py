"""健康帮扶: per person, treatment before payment, treatment of major diseases, the signed family doctor (hengshui-2022-1#C.3.4.1)."""

from __future__ import annotations

from ...rules import major_illness_cost
from ..declaration import PERSON, VILLAGE_LEVEL, Case, Eligible, Figure, Register, choice, day, text
from ..eligible import found_by, measures_done
from ..sources import heads_of_objects

_CLAUSE = "hengshui-2022-1#C.3.4.1"
_DOCTOR, _DISEASE = "家庭医生签约", "大病专项救治"
_MEASURES = ("treatment_before_payment", "major_disease_treatment", "family_doctor")

REGISTER = Register(
    code="health_help",
    label="健康帮扶",
    description="先诊疗后付费、大病专项救治、家庭医生签约，一人一项一行；病种由卫健数据给出，这里不填",
    department="health",
    level=VILLAGE_LEVEL,
    about=PERSON,
    unit="人次",
    known=("person.健康状况", "person.户类型", "monitored.监测对象类别"),
    columns=(
        choice("kind", "健康帮扶项目", ("先诊疗后付费", _DISEASE, _DOCTOR), is_required=True),
        text("place", "医疗机构", "定点医院、乡镇卫生院或签约团队", is_required=True),
        day("since", "健康帮扶开始日", is_required=True),
        day("until", "健康帮扶截止日", "签约到期日或出院日"),
        choice("result", "健康帮扶情况", ("进行中", "已完成", "本人不愿意")),
    ),
    key=("kind", "since"),
    starts="since",
    ends="until",
    due="until",
    measures=_MEASURES,
    from_measure={"since": "started_on", "place": "result"},
    figures=(
        Figure("before_payment", "先诊疗后付费", where={"kind": "先诊疗后付费"}, unit="人次", cites=(_CLAUSE,)),
        Figure("disease", _DISEASE, where={"kind": _DISEASE}, unit="人", cites=(_CLAUSE,)),
        Figure("doctor", "家庭医生签约户", of="households", where={"kind": _DOCTOR}, unit="户", cites=(_CLAUSE,)),
    ),
    eligible=(
        Eligible(
            "doctor",
            "没有家庭医生签约的监测对象",
            heads_of_objects,
            (_CLAUSE,),
            where={"kind": _DOCTOR},
            per_household=True,
        ),
        Eligible(
            "disease",
            "大病费用高、没有专项救治",
            found_by(major_illness_cost.RULE.code),
            (_CLAUSE,),
            where={"kind": _DISEASE},
        ),
        Eligible("measures", "健康措施已落实、没有登记", measures_done(*_MEASURES), (_CLAUSE,)),
    ),
    cites=(_CLAUSE,),
    cases=(
        Case(
            "一人签约，一人大病救治",
            (
                {"kind": _DOCTOR, "place": "涞源镇卫生院", "since": "2022-01-01", "until": "2022-12-31"},
                {"kind": _DISEASE, "place": "县医院", "since": "2022-06-01"},
            ),
            {"doctor": "1", "disease": "1", "before_payment": "0"},
        ),
        Case("没有写在哪里", ({"kind": _DOCTOR, "since": "2022-01-01"},), refused="“医疗机构”不能为空"),
    ),
)
