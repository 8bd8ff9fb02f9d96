"""How often what occurs in the synthetic county, in one place, with where each figure comes from.

Marks: [S] a policy document · [G] general knowledge of published statistics, unverified · [D] derived by arithmetic ·
[choice] set so that the demonstration shows what it should. Figures are rounded on purpose: no real county is measured here.
docs/reference/demonstration.md tells what comes out.
"""

from __future__ import annotations

import datetime as dt

from shouwang.foundation.periods import Month

# ── places and time ───────────────────────────────────────────────────────────
COUNTY, NEIGHBOUR, CITY = "130630000000", "130633000000", "130600000000"  # 涞源县, 易县, 保定市
DEMONSTRATION_TOWNSHIP, DEMONSTRATION_VILLAGE = "130630102000", "130630102200"  # 走马驿镇, 西走马驿村
AS_OF = dt.date(2022, 6, 30)
LAST_YEAR = 2021
SCREENED_MONTH = Month(2022, 6)
COLLECTION_START = Month(2021, 10)  # [S: laiyuan-2022-9#2.2] October 2021 to June 2022

# ── households ────────────────────────────────────────────────────────────────
# [G] Hebei's rural households had some three members in the census of 2020: 60,000 households, 180,000 people.
HOUSEHOLDS = 60_000
NEIGHBOUR_HOUSEHOLDS = 2_000
# Below this there is no room for the constructed cases.
SMALLEST = 700
# A small county keeps fewer villages rather than emptier ones: households a village at least.
VILLAGE_SIZE = 60
# [G] 涞源 was a county of deep poverty: between a fifth and a third of the households. The lower end [choice].
ALLEVIATED_SHARE = 0.20
# [G] 0.5 to 1 % of rural households are objects of monitoring; about half of them cleared, half of them 一般农户.
MONITORED_SHARE = 0.010
CLEARED_SHARE = 0.5
MONITORED_MARGINAL_SHARE = 0.55
# [choice] How much likelier an object a household with a severely disabled or seriously ill member is.
MONITORED_WHERE_ILL = 6.0

# ── people: (up to age, share) ────────────────────────────────────────────────
# [G] 2 to 3 % of all carry a certificate, older people more often.
DISABLED_BY_AGE = ((15, 0.006), (40, 0.014), (60, 0.028), (75, 0.045), (200, 0.060))
DISABILITY_LEVELS = (0.11, 0.27, 0.29, 0.33)  # 一级 … 四级 [G]
DISABILITY_KINDS = (0.13, 0.09, 0.01, 0.53, 0.09, 0.10, 0.05)  # 视力 听力 言语 肢体 智力 精神 多重 [G]
# [G] What villages know of chronic illness; not the four diseases of the policy.
CHRONIC_BY_AGE = ((30, 0.01), (45, 0.06), (60, 0.20), (75, 0.42), (200, 0.55))
# [choice] Registered with one of the thirty major diseases.
SERIOUS_BY_AGE = ((15, 0.0006), (45, 0.002), (60, 0.008), (200, 0.018))
AWAY_FOR_WORK_BY_AGE = ((18, 0.0), (25, 0.55), (40, 0.60), (50, 0.48), (60, 0.28), (66, 0.08), (200, 0.0))  # [G]
# [G] Of working-age members of 脱贫户 who are not away.
PUBLIC_POST_SHARE = 0.06
# [choice] Real shares are larger; here they would drown everything else.
UNINSURED_SHARE = 0.0014
NOT_IN_SCHOOL_SHARE = 0.0012

# ── income of 2021, yuan per head ─────────────────────────────────────────────
# [G] Hebei's rural residents 18,179 (disposable); [S: laiyuan-2022-9#2.2] the nation's 脱贫人口 12,550 (net). Here 脱贫户 are
# set above the national mean [choice]: around it, half of them would lie under 12,550 and the screening would list some 6,000
# households for that alone.
GENERAL_MEDIAN, GENERAL_SPREAD = 16_700, 0.38  # mean of the log-normal ≈ 17,950 [D]
ALLEVIATED_MEDIAN, ALLEVIATED_SPREAD = 15_400, 0.185  # mean ≈ 15,670 [D]
MONITORED_MEDIAN, MONITORED_SPREAD = 8_600, 0.22
# [choice] Nobody else comes near the monitoring line by chance, but these few of the 一般农户.
LOWEST_UNMONITORED = 7_900
BELOW_LINE_SHARE = 0.0008
# [choice] The projection against 2021: one in 800 falls by chance, FALLING_SHARE of 脱贫户 for a reason.
GROWTH_MEAN, GROWTH_SPREAD = 0.115, 0.038
FALLING_SHARE = 0.018
# [choice] 脱贫户 with one of the nine months not collected; and in one village of middling size all of March 2022 is missing.
MONTH_MISSING_SHARE = 0.004
VILLAGE_MISSING_MONTH = "2022-03"

# ── what departments know ─────────────────────────────────────────────────────
# [G] Settlements per person and month: some 0.16 stays in hospital a year.
OUTPATIENT_PER_MONTH = 0.085
INPATIENT_PER_MONTH = 0.013
SERIOUS_STAYS_PER_MONTH = 0.16
ASSISTED_ALLEVIATED, ASSISTED_GENERAL = 0.20, 0.012  # households with 低保 [G]
DEATHS_PER_YEAR = 0.0080  # [G]
# [choice] The smallest villages, one for each story of the water rule.
WATER_VILLAGES = 5
# [choice] What June brings: hail in neighbouring villages, accidents and lost work (per household).
HAIL_VILLAGES, HAIL_SHARE = 3, 0.30
JUNE_ACCIDENTS, JUNE_LOST_WORK = 0.0006, 0.0009
# [choice] Grade C or D and not rebuilt, of all households.
UNSAFE_HOUSES = 0.0009
# [choice] Rows of the province's list.
PUSH_LIST_ROWS = 1_203

# ── what is wrong with the files [choice]; of rows, unless said otherwise ─────
WRONG_CHECK_DIGIT = 0.0003
LOST_DIGITS = 0.0001  # 1.30630E+17
OLD_NUMBERS = 0.012  # 15 digits, of people over 60
SMALL_X = 0.35  # of the numbers that end in X
WRAPPED = 0.0015  # apostrophes, full-width digits, spaces inside the number
SPACED_NAME = 0.004
REPEATED_ROW = 0.0001
EACH_QUESTION = 0.0003  # of households: each of the inspectors' questions
MISTAKEN_NAME = 0.0004
MISTYPED_NUMBER = 0.0003
MISSING_NUMBER = 0.0001
STRANGERS = 0.0006
NEIGHBOURS = 0.0004
