"""新纳入人员参保: members of monitored households who had no insurance, what was done, and the insured share (hengshui-2022-1#C.3.4.2)."""

from __future__ import annotations

from ..declaration import PERSON, VILLAGE_LEVEL, Case, Eligible, Figure, Register, choice, day, text
from ..eligible import measures_done
from ..sources import objects_counted, objects_insured, objects_not_insured

_CLAUSE = "hengshui-2022-1#C.3.4.2"

REGISTER = Register(
    code="new_insured",
    label="监测对象参保",
    description="监测对象动态纳入基本医保的办理，一人一年度一行；谁没有参保由医保数据比对得出",
    department="medical_insurance",
    level=VILLAGE_LEVEL,
    about=PERSON,
    unit="人",
    known=("monitored.监测对象类别", "monitored.识别监测时间", "person.与户主关系"),
    columns=(
        day("told_on", "动员日期", is_required=True),
        choice("status", "参保办理结果", ("办理中", "已参保", "在外地参保", "本人不愿参保"), is_required=True),
        day("insured_on", "参保办结日"),
        choice("aid", "参保资助落实", ("已资助", "未资助", "不在资助范围")),
        text("why", "没有参保的原因"),
    ),
    key=("told_on",),
    starts="told_on",
    status="status",
    measures=("insured_in_time", "insurance_premium_aid"),
    from_measure={"told_on": "planned_on", "insured_on": "done_on"},
    figures=(
        Figure("members", "监测对象家庭成员", worked_out=objects_counted, unit="人", cites=(_CLAUSE,)),
        Figure("insured", "其中已参保", worked_out=objects_insured, unit="人", cites=(_CLAUSE,)),
        Figure(
            "share",
            "参保率",
            worked_out=objects_insured,
            share_of="members",
            cites=(_CLAUSE, "hebei-opinion-2021#2.3.4"),
        ),
        Figure("open", "办理中", where={"status": "办理中"}, unit="人", cites=(_CLAUSE,)),
        Figure("unwilling", "本人不愿参保", where={"status": "本人不愿参保"}, unit="人", cites=(_CLAUSE,)),
    ),
    eligible=(
        Eligible("uninsured", "没有参保、没有办理登记的监测对象", objects_not_insured, (_CLAUSE,)),
        Eligible(
            "measures",
            "参保措施已落实、没有登记",
            measures_done("insured_in_time", "insurance_premium_aid"),
            (_CLAUSE,),
        ),
    ),
    links=(("uninsured", "未参保人员，发给医保局"),),
    cites=(_CLAUSE, "hebei-opinion-2021#2.3.4"),
    open=("新纳入后多少天内办完，文件没有给出（参数“新纳入对象参保任务的时限”），只列名单，不计逾期。",),
    cases=(
        Case(
            "一人已参保，一人不愿意；没有筛查就没有参保率",
            (
                {"told_on": "2022-05-01", "status": "已参保", "insured_on": "2022-05-10"},
                {"told_on": "2022-05-01", "status": "本人不愿参保"},
            ),
            {"open": "0", "unwilling": "1", "share": ""},
        ),
        Case("没有动员日期", ({"status": "办理中"},), refused="“动员日期”不能为空"),
    ),
)
