"""What inspectors ask about monitored objects, under watch and cleared (domain 2.5, 2.9, 2.11)."""

from ..sheets.monitored import AFTER, MEASURES, SAFETY
from .check import watched

_ACTIVE, _CLEARED = "NOT o.is_cleared", "o.is_cleared"
_DEVELOPMENT = ("产业帮扶", "就业帮扶", "金融帮扶", "公益岗位帮扶")


def _given(*measures: str) -> str:
    """Whether one of the measures was given."""
    return "(" + " OR ".join(f"coalesce(o.{measure}, '否') NOT IN ('否', '无', '未实施')" for measure in measures) + ")"


def _risk(*risks: str) -> str:
    listed = ", ".join(f"'{risk}'" for risk in risks)
    return f"list_has_any(o.risks, [{listed}])"


_NOT_DEVELOPED = (
    f"coalesce(o.实施开发式帮扶措施情况, '未实施') IN ('未实施', '否', '无') AND NOT {_given(*_DEVELOPMENT)}"
)

CHECKS = (
    watched(
        "illness_without_cost",
        f"{_ACTIVE} AND {_risk('因病')} AND coalesce(number_of(o.合规自付支出), 0) = 0",
        "'风险为因病，合规自付支出为 0'",
    ),
    watched(
        "housing_without_measure",
        f"{_ACTIVE} AND {_risk('因安全住房', '因住房')} AND NOT {_given('住房安全保障')}",
        "'有住房安全风险，没有住房安全保障措施'",
    ),
    watched(
        "water_without_measure",
        f"{_ACTIVE} AND {_risk('因安全饮水', '因饮水', '因安全饮用水')} AND NOT {_given('饮水安全保障')}",
        "'有饮水安全风险，没有饮水安全保障措施'",
    ),
    watched(
        "schooling_without_measure",
        f"{_ACTIVE} AND {_risk('因学')} AND NOT {_given('义务教育保障', '其他教育帮扶')}",
        "'风险为因学，没有教育帮扶措施'",
    ),
    watched(
        "no_measures",
        f"{_ACTIVE} AND o.months_watched >= {{months}} AND NOT {_given(*MEASURES)}",
        "'识别 ' || o.months_watched || ' 个月，没有任何帮扶措施'",
    ),
    watched(
        "no_development_measure",
        f"{_ACTIVE} AND m.hands > 0 AND o.months_watched >= {{months}} AND {_NOT_DEVELOPED}",
        "'有劳动力，识别 ' || o.months_watched || ' 个月，没有开发式帮扶措施'",
    ),
    watched(
        "contact_empty",
        f"{_ACTIVE} AND (NOT o.has_contact OR NOT o.has_contact_phone)",
        "'监测联系人' || CASE WHEN o.has_contact THEN '电话' WHEN o.has_contact_phone THEN '' ELSE '和电话' END || '为空'",
    ),
    watched(
        "income_over_limit",
        f"{_ACTIVE} AND number_of(o.人均纯收入) > {{most}}",
        "'识别时人均纯收入 ' || o.人均纯收入 || ' 元'",
    ),
    watched(
        "disabled_without_member",
        f"{_risk('因残')} AND {_ACTIVE} AND m.persons > 0 AND m.disabled = 0",
        "'风险为因残，没有残疾成员'",
    ),
    watched(
        "short_of_hands",
        f"{_risk('缺劳动力')} AND {_ACTIVE} AND m.persons > 0 AND m.able * {{one_in}} > m.persons",
        "'风险为缺劳动力，' || m.persons || ' 人中有 ' || m.able || ' 个普通或技能劳动力'",
    ),
    watched(
        "cleared_too_soon",
        f"{_CLEARED} AND o.months_to_clear < {{months}} AND o.cleared_month >= '{{since}}'",
        "'识别后 ' || o.months_to_clear || ' 个月即消除风险'",
    ),
    watched(
        "cleared_at_once",
        f"{_CLEARED} AND o.months_to_clear <= {{months}} AND o.风险消除方式 LIKE '%帮扶%'",
        "'识别当月或次月即以帮扶消除'",
    ),
    watched(
        "cleared_without_measure",
        f"{_CLEARED} AND coalesce(o.风险消除方式, '') NOT LIKE '%自然%' AND m.hands > 0 AND {_NOT_DEVELOPED}",
        "'没有开发式帮扶措施即消除风险'",
    ),
    watched(
        "cleared_with_low_income",
        f"{_CLEARED} AND number_of(o.{AFTER}人均纯收入) < {{parameter}}",
        f"'风险消除后人均纯收入 ' || o.{AFTER}人均纯收入 || ' 元，低于 ' || {{parameter}} || ' 元'",
        parameter="household.monitoring_income_line",
    ),
    watched(
        "after_clearing_empty",
        f"{_CLEARED} AND coalesce(o.风险消除方式, '') NOT LIKE '%自然%' AND ("
        + " OR ".join(f"o.{AFTER}{heading} IS NULL" for heading in ("人均纯收入", *SAFETY))
        + ")",
        "'风险消除后的收入或保障情况没有填写'",
    ),
)
