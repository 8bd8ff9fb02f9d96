"""What inspectors ask about persons (domain 2.9, 2.11)."""

from .check import person

_HAS_POST = "p.公益性岗位类型 IS NOT NULL AND p.公益性岗位类型 NOT IN ('无', '否')"
_HAS_MONTHS = 'number_of(p."公益性岗位(月数)") > 0'
_CANNOT = "p.劳动技能 IN ('无劳动力', '丧失劳动力')"
_RESIDENT = 'p."是否参加新型农村合作医疗（城乡居民基本医疗保险）"'
_EMPLOYEE = "p.是否参加城镇职工基本医疗保险"
_HEALTHY = "p.健康状况 = '健康'"

CHECKS = (
    person("identity_wrong", "p.identity_defect IS NOT NULL", "'证件号码' || p.identity_defect"),
    person("head_identity_wrong", "p.head_identity_defect IS NOT NULL", "'户主证件号码' || p.head_identity_defect"),
    person("identity_empty", "p.identity_is_empty", "'证件号码为空'"),
    person(
        "number_shared",
        "p.shared_with IS NOT NULL",
        "'证件号码与人口编号 ' || p.shared_with || ' 相同'",
    ),
    person(
        "birthday_differs",
        "p.born_by_number IS NOT NULL AND p.出生日期 IS NOT NULL AND p.born_on IS DISTINCT FROM p.born_by_number",
        "'出生日期 ' || p.出生日期 || ' 与证件号码中的 ' || p.born_by_number::VARCHAR || ' 不一致'",
    ),
    person(
        "sex_differs",
        "p.sex_by_number IS NOT NULL AND p.sex IN ('男', '女') AND p.sex <> p.sex_by_number",
        "'性别' || p.sex || '与证件号码（' || p.sex_by_number || '）不一致'",
    ),
    person(
        "relation_unknown",
        "p.relation <> '' AND NOT list_contains([{relations}], p.relation)",
        "'与户主关系“' || p.relation || '”不在规定的值里'",
    ),
    person(
        "schooling_both",
        "p.文化程度 IS NOT NULL AND p.在校生状况 IS NOT NULL",
        "'文化程度（' || p.文化程度 || '）和在校生状况（' || p.在校生状况 || '）同时填写'",
    ),
    person("schooling_neither", "p.文化程度 IS NULL AND p.在校生状况 IS NULL", "'文化程度和在校生状况都没有填写'"),
    person("health_empty", "p.健康状况 IS NULL", "'健康状况为空'"),
    person("labour_empty", "p.劳动技能 IS NULL", "'劳动技能为空'"),
    person(
        "place_without_months",
        'p.务工所在地 IS NOT NULL AND coalesce(number_of(p."务工时间（月）"), 0) = 0',
        "'有务工所在地（' || p.务工所在地 || '），没有务工时间'",
    ),
    person(
        "months_without_place",
        'number_of(p."务工时间（月）") > 0 AND p.务工所在地 IS NULL AND NOT (' + _HAS_POST + ")",
        """'务工 ' || p."务工时间（月）" || ' 个月，没有务工所在地'""",
    ),
    person("telephone_length", "p.telephone_defect IS NOT NULL", "p.telephone_defect"),
    person("telephone_missing", "p.relation = '户主' AND p.telephone_is_missing", "'户联系电话为空'"),
    person(
        "insured_twice",
        f"{_RESIDENT} = '是' AND {_EMPLOYEE} = '是'",
        "'城乡居民和城镇职工基本医疗保险都填“是”'",
    ),
    person(
        "insured_nowhere",
        f"coalesce({_RESIDENT}, '否') = '否' AND coalesce({_EMPLOYEE}, '否') = '否'"
        f" AND ({_RESIDENT} IS NOT NULL OR {_EMPLOYEE} IS NOT NULL)",
        "'城乡居民和城镇职工基本医疗保险都没有参加'",
    ),
    person(
        "healthy_without_labour",
        f"{_HEALTHY} AND p.age BETWEEN {{youngest}} AND {{oldest}} AND p.在校生状况 IS NULL"
        " AND p.劳动技能 IN ('无劳动力', '弱劳动力或半劳动力', '弱劳动力', '半劳动力')",
        "p.age || ' 岁、健康、不在校，劳动技能却是' || p.劳动技能",
    ),
    person(
        "post_without_months",
        f"{_HAS_POST} AND NOT coalesce({_HAS_MONTHS}, false)",
        "'有公益性岗位（' || p.公益性岗位类型 || '），没有月数'",
    ),
    person(
        "months_without_post",
        f"{_HAS_MONTHS} AND NOT coalesce({_HAS_POST}, false)",
        """'公益性岗位 ' || p."公益性岗位(月数)" || ' 个月，没有岗位类型'""",
    ),
    person(
        "post_too_old",
        f"({_HAS_POST}) AND p.age >= {{oldest}}",
        "p.age || ' 岁仍在公益性岗位（' || p.公益性岗位类型 || '）'",
    ),
    person(
        "post_without_labour",
        f"({_HAS_POST}) AND {_CANNOT}",
        "p.劳动技能 || '，却在公益性岗位（' || p.公益性岗位类型 || '）'",
    ),
    person(
        "away_without_labour",
        f"""{_CANNOT} AND NOT coalesce({_HAS_POST}, false)
        AND (number_of(p."务工时间（月）") > 0 OR p.务工所在地 IS NOT NULL OR p.is_working)""",
        "p.劳动技能 || '，却登记外出务工'",
    ),
    person(
        "certificate_without_disability",
        "p.残疾证办证年度 IS NOT NULL AND p.残疾类别 IS NULL AND coalesce(p.健康状况, '') NOT LIKE '%残疾%'",
        "'有残疾证办证年度（' || p.残疾证办证年度 || '），没有残疾类别'",
    ),
)
