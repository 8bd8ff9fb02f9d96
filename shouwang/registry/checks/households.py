"""What inspectors ask about households (domain 2.11)."""

from .check import household


def _positive(heading: str) -> str:
    return f"number_of(h.{heading}) > 0"


CHECKS = (
    household("two_heads", "m.heads > 1", "'有 ' || m.heads || ' 个户主'"),
    household("no_head", "m.persons > 0 AND m.heads = 0", "'没有户主'"),
    household("two_spouses", "m.spouses > 1", "'有 ' || m.spouses || ' 个配偶'"),
    household(
        "couple_of_one_sex",
        "m.heads = 1 AND m.spouses = 1 AND m.head_sex IN ('男', '女') AND m.head_sex = m.spouse_sex",
        "'户主和配偶都是' || m.head_sex || '性'",
    ),
    household(
        "size_differs",
        "h.registered_size IS NOT NULL AND m.persons > 0 AND h.registered_size <> m.persons",
        "'家庭人口数 ' || h.registered_size || '，人员信息中有 ' || m.persons || ' 人'",
    ),
    household(
        "wage_without_worker",
        f"{_positive('工资性收入')} AND m.persons > 0 AND m.earners = 0",
        "'工资性收入 ' || h.工资性收入 || ' 元，没有人务工'",
    ),
    household(
        "worker_without_wage",
        "m.workers > 0 AND number_of(h.工资性收入) = 0",
        "'有 ' || m.workers || ' 人务工，工资性收入为 0'",
    ),
    household(
        "business_without_cost",
        f"{_positive('生产经营性收入')} AND coalesce(number_of(h.生产经营性支出), 0) = 0",
        "'生产经营性收入 ' || h.生产经营性收入 || ' 元，生产经营性支出为 0'",
    ),
    household(
        "wage_too_small",
        f"{_positive('工资性收入')} AND number_of(h.工资性收入) < {{least}}",
        "'工资性收入只有 ' || h.工资性收入 || ' 元'",
    ),
    household("wage_too_large", "number_of(h.工资性收入) > {most}", "'工资性收入高达 ' || h.工资性收入 || ' 元'"),
    household("income_too_small", "number_of(h.人均纯收入) < {least}", "'人均纯收入只有 ' || h.人均纯收入 || ' 元'"),
    household("income_empty", "NOT h.is_stub AND number_of(h.人均纯收入) IS NULL", "'人均纯收入为空'"),
    household(
        "allowance_too_small",
        f"{_positive('低保金')} AND number_of(h.低保金) < {{least}}",
        "'低保金只有 ' || h.低保金 || ' 元'",
    ),
    household(
        "pension_too_small",
        f"{_positive('养老保险金')} AND number_of(h.养老保险金) < {{least}}",
        "'养老保险金只有 ' || h.养老保险金 || ' 元'",
    ),
    household(
        "ecology_without_land",
        f"""{_positive("生态补偿金")} AND coalesce(number_of(h."退耕还林面积（亩）"), 0) = 0""",
        "'生态补偿金 ' || h.生态补偿金 || ' 元，没有退耕还林面积'",
    ),
    household(
        "returned_more_than_forest",
        """number_of(h."退耕还林面积（亩）") >
        coalesce(number_of(h."林地面积（亩）"), 0) + coalesce(number_of(h.牧草地面积), 0) + coalesce(number_of(h."林果面积（亩）"), 0)""",
        """'退耕还林 ' || h."退耕还林面积（亩）" || ' 亩，多于林地和牧草地之和'""",
    ),
    household(
        "road_too_far", "number_of(h.与村主干路距离) > {most}", "'与村主干路距离 ' || h.与村主干路距离 || ' 公里'"
    ),
    household(
        "allowance_without_member",
        f"{_positive('低保金')} AND m.persons > 0 AND m.on_allowance = 0",
        "'低保金 ' || h.低保金 || ' 元，没有人享受低保'",
    ),
    household(
        "support_without_member",
        f"{_positive('五保金')} AND m.persons > 0 AND m.on_support = 0",
        "'五保金 ' || h.五保金 || ' 元，没有特困供养人员'",
    ),
    household(
        "pension_without_elder",
        f"{_positive('养老保险金')} AND m.persons > 0 AND m.oldest < {{youngest}}",
        "'养老保险金 ' || h.养老保险金 || ' 元，最年长的成员 ' || m.oldest || ' 岁'",
    ),
    household(
        "low_income_not_object",
        "NOT h.is_object AND number_of(h.人均纯收入) < {parameter}",
        "'人均纯收入 ' || h.人均纯收入 || ' 元，低于监测范围 ' || {parameter} || ' 元，不是监测对象'",
        parameter="household.monitoring_income_line",
    ),
    household(
        "water_unsafe_not_object",
        "NOT h.is_object AND h.是否解决安全饮用水 = '否'",
        "'未解决安全饮用水，不是监测对象'",
    ),
    household(
        "house_unsafe_not_object",
        "NOT h.is_object AND (h.是否危房户 = '是' OR h.危房级别 LIKE 'C%' OR h.危房级别 LIKE 'D%')",
        "'住房为危房' || coalesce('（' || h.危房级别 || '）', '') || '，不是监测对象'",
    ),
)
