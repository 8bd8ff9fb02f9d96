"""The columns of a roster: where, which unit, which post, who, since when."""

from __future__ import annotations

from shouwang.intake.contract import CodeList, Column, Contract, Kind, Privacy
from shouwang.organisation.models import PostKind, UnitKind

UNIT_KINDS = CodeList(
    "单位类型",
    {
        "县防贫中心": ("防贫中心", "县中心", "县级防贫中心", "防返贫中心"),
        "乡镇工作站": ("工作站", "乡工作站", "乡镇防贫工作站", "防贫工作站"),
        "村": ("行政村", "村委会", "村级"),
        "部门": ("县直部门", "行业部门", "市直部门"),
        "乡村振兴局": ("市乡村振兴局", "省乡村振兴局"),
    },
)
POST_KINDS = CodeList(
    "岗位类型",
    {
        "网格员": ("村网格员", "防贫网格员", "村级网格员"),
        "监测联系人": ("联系人",),
        "驻村工作队员": ("驻村干部", "工作队员", "驻村第一书记", "第一书记"),
        "村干部": ("村支书", "村主任", "两委干部"),
        "工作站工作人员": ("乡镇工作人员", "站员", "专干", "防贫专干"),
        "防贫中心工作人员": ("中心工作人员", "县中心工作人员", "数据员"),
        "部门联络员": ("联络员",),
        "负责人": ("站长", "主任", "中心主任", "分管领导"),
        "其他": (),
    },
)
UNIT_KIND_OF = {kind.label: kind.value for kind in UnitKind}
POST_KIND_OF = {kind.label: kind.value for kind in PostKind}

ROSTER = Contract(
    code="staff_roster",
    label="机构人员名册",
    description="县防贫中心、乡镇工作站、村和部门的岗位与人员，一行一个岗位上的一个人；空缺岗位姓名留空",
    columns=(
        Column(
            "区划代码", "region", Kind.KEY, "单位所在的县、乡镇或村的代码；有代码时不看地名", aliases=("行政区划代码",)
        ),
        Column(
            "乡镇", "township", Kind.TEXT, "所在乡镇；县级单位留空", aliases=("乡（镇）", "乡", "所在乡镇", "乡镇名称")
        ),
        Column("村", "village", Kind.TEXT, "所在行政村；乡镇单位留空", aliases=("行政村", "村名", "所在村")),
        Column(
            "单位名称",
            "unit",
            Kind.TEXT,
            "单位全称；工作站和村可留空",
            aliases=("单位", "所在单位", "机构名称", "机构"),
            example="涞源县医疗保障局",
        ),
        Column(
            "单位类型", "unit_kind", Kind.CODE, "留空时按地名和单位名称判断", codes=UNIT_KINDS, aliases=("机构类型",)
        ),
        Column(
            "岗位",
            "post",
            Kind.TEXT,
            "岗位名称",
            is_required=True,
            may_be_empty=False,
            aliases=("职务", "岗位名称", "岗位职务"),
            example="网格员",
        ),
        Column("岗位类型", "post_kind", Kind.CODE, "留空时按岗位名称判断", codes=POST_KINDS),
        Column("职责", "responsibility", Kind.TEXT, "这个岗位负责什么", aliases=("岗位职责", "工作职责", "责任")),
        Column(
            "姓名",
            "",
            Kind.NAME,
            "在岗人员；岗位空缺留空",
            is_required=True,
            aliases=("人员姓名", "网格员姓名", "工作人员"),
            privacy=Privacy.PERSONAL,
        ),
        Column(
            "性别",
            "sex",
            Kind.CODE,
            "男或女",
            codes=CodeList("性别", {"男": ("男性",), "女": ("女性",)}),
            privacy=Privacy.PERSONAL,
        ),
        Column(
            "联系电话",
            "phone",
            Kind.KEY,
            "手机号或带区号的固定电话；加密保存",
            aliases=("电话", "手机", "手机号", "手机号码", "联系方式"),
            privacy=Privacy.SECRET,
        ),
        Column(
            "任职日期", "from_on", Kind.DAY, "留空按导入当天", aliases=("任职时间", "到岗日期", "开始日期", "上岗日期")
        ),
        Column("离任日期", "until_on", Kind.DAY, "自这一天起不再任职", aliases=("离任时间", "离岗日期", "结束日期")),
    ),
)
