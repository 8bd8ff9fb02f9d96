"""The words of the household loop that rules compare with: values of the datasets' code lists, not policy."""

ALLEVIATED = "脱贫户"

# Natural changes (S0-C-24): what takes a person out of the household's count, and what brings one back.
LEAVING_KINDS = ("死亡", "迁出", "婚出", "参军", "服刑", "失踪")
RETURNING_KINDS = ("出生", "迁入", "婚入", "退役返回", "刑满返回", "返回")

# Labour capacity (劳动技能): a household without any of these has no labour.
LABOURING = ("普通劳动力", "技能劳动力", "弱劳动力或半劳动力")

JOBLESS = ("失业", "未就业")
ENROLLED = ("在读", "送教上门")
HEALTH_REASON = "身体原因"
INSURED = ("参保",)
REBUILT = ("已改造",)


def has_labour(household) -> bool:
    """Whether any registered member of a household can work."""
    return household.persons.filter(is_withdrawn=False, labour_capacity__in=LABOURING).exists()
