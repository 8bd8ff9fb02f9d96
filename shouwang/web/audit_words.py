"""What a line of the log says besides its action, in words that an administrator reads; the file of the log keeps it as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shouwang.casework.models.leads import CHANNELS
from shouwang.door.models import Outcome, RefusalReason
from shouwang.feeds.datasets import DATASETS
from shouwang.households.models.responsibility import KINDS
from shouwang.organisation.roles import ROLES

LABELS: Mapping[str, str] = {
    "added": "加入",
    "answered_count": "由记录回答",
    "batch": "批次",
    "changed": "更改",
    "changes": "变更",
    "channel": "渠道",
    "class": "文书类别",
    "columns": "列",
    "conflicting": "冲突",
    "counts": "",
    "dataset": "数据",
    "decisions": "议定事项",
    "detail": "",
    "differences": "差异",
    "doubtful": "待认定",
    "due_on": "期限",
    "ended": "结束",
    "files": "文件",
    "filters": "筛选条件",
    "format": "格式",
    "found": "差异",
    "from": "原为",
    "given": "落实",
    "gone": "已消除",
    "history": "往年",
    "household": "户编号",
    "households": "户",
    "items": "事项",
    "kept": "仍在",
    "key": "密钥",
    "kind": "种类",
    "known": "已有",
    "layout_of_batch": "按批次的版式",
    "lead_count": "线索",
    "leads": "线索",
    "list": "名单",
    "missed": "未走访",
    "missing": "缺少",
    "monitored_count": "已在监测",
    "new": "新增",
    "on": "日期",
    "other_county": "外县",
    "outcome": "结果",
    "outlines": "界线",
    "people": "人员",
    "period": "时期",
    "person": "人员",
    "population": "总数",
    "post": "岗位",
    "posts": "岗位",
    "refusal": "理由",
    "refused": "退回",
    "region_code": "管辖区域",
    "repeated": "重复",
    "reply_by": "反馈期限",
    "returned": "恢复",
    "role": "角色",
    "rows": "行",
    "same": "未变",
    "second_factor": "二次验证",
    "seed": "种子",
    "sheet": "表",
    "size": "抽取",
    "skipped": "未动",
    "staff": "工作人员",
    "taken": "导入",
    "to": "改为",
    "units": "单位",
    "unmatched": "未匹配",
    "vacant": "空缺",
    "values": "数值",
    "villages": "村",
    "with_phones": "含电话",
    "withdrawn_count": "撤出",
}
_SAID: Mapping[str, Mapping[str, str]] = {
    "channel": dict(CHANNELS),
    "filters": {
        "batch": "文件",
        "due": "期限",
        "kind": "种类",
        "month": "月份",
        "region": "区域",
        "risk": "风险",
        "rule": "原因",
        "state": "状态",
        "status": "状态",
        "text": "文字",
    },
    "kind": dict(KINDS),
    "role": {role.code: role.label for role in ROLES},
    "sheet": {"household": "农户", "person": "人员", "monitored": "监测对象", "outwork": "务工"},
    "outcome": dict(Outcome.choices),
    "refusal": dict(RefusalReason.choices),
}


def words(detail: Mapping[str, Any]) -> list[str]:
    """Each fact as 名称 值; zeros and empty values say nothing and stay away."""
    return list(_words(detail))


def _words(detail: Mapping[str, Any]) -> Iterator[str]:
    for name, value in detail.items():
        if value in (0, "", None, [], {}) and value is not False:
            continue
        if isinstance(value, Mapping):
            yield from _words(value)
        else:
            yield f"{LABELS.get(name, name)} {_value(name, value)}"


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        between = " → " if name in ("role", "region_code") else "、"
        return between.join(_value(name, one) for one in value)
    if name == "dataset":
        found = DATASETS.get(str(value))
        return found.label if found else str(value)
    if isinstance(value, int):
        return f"{value:,}"
    return _SAID.get(name, {}).get(str(value), str(value))
