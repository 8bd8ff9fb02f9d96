"""How often what occurs in the synthetic county, in one place, with where each figure comes from.

Marks as in the domain dossier: [S2] a seed document · [W …] a public page · [G] general knowledge, unverified · [D] derived ·
[choice] set so that the demonstration shows what it should; no real county is measured by it. Figures are rounded on purpose.
"""

from __future__ import annotations

import datetime as dt

from shouwang.foundation.periods import Month

# ── size and time ─────────────────────────────────────────────────────────────
HOUSEHOLDS = 60_000  # 涞源县, rural households [brief]; some 180,000 people at 3.0 a household [G: Hebei rural, 2020 census ~2.8–3.1]
NEIGHBOUR_HOUSEHOLDS = 2_000  # 易县, in small
SMALLEST = 700  # households: below this there is no room for the constructed cases
VILLAGE_SIZE = 60  # households: a small county keeps fewer villages rather than emptier ones
AS_OF = dt.date(2022, 6, 30)
LAST_YEAR = 2021
SCREENED_MONTH = Month(2022, 6)
COUNTY, NEIGHBOUR, CITY = "130630000000", "130633000000", "130600000000"
DEMONSTRATION_TOWNSHIP, DEMONSTRATION_VILLAGE = "130630102000", "130630102200"  # 走马驿镇, 西走马驿村
COLLECTION_START = Month(2021, 10)  # [S2 二(二)] 2021-10-01 … 2022-06-30

# ── households ────────────────────────────────────────────────────────────────
ALLEVIATED_SHARE = 0.20  # 脱贫户: 涞源 was a county of deep poverty; a fifth [G] to a third
MONITORED_SHARE = 0.010  # 监测对象 ~0.5–1 % of rural households [domain 2.23 G]
CLEARED_SHARE = 0.5  # of those, risk cleared [G]
MONITORED_MARGINAL_SHARE = 0.55  # 一般农户 among them [G]

# ── people ────────────────────────────────────────────────────────────────────
DISABLED_BY_AGE = (
    (15, 0.006),
    (40, 0.014),
    (60, 0.028),
    (75, 0.045),
    (200, 0.060),
)  # up to age, share: 2–3 % of all [G]
DISABILITY_LEVELS = (0.11, 0.27, 0.29, 0.33)  # 一级 … 四级 [G]
DISABILITY_KINDS = (0.13, 0.09, 0.01, 0.53, 0.09, 0.10, 0.05)  # 视力 听力 言语 肢体 智力 精神 多重 [G]
CHRONIC_BY_AGE = (
    (30, 0.01),
    (45, 0.06),
    (60, 0.20),
    (75, 0.42),
    (200, 0.55),
)  # told to the village; not the 30 + 4 lists [G]
SERIOUS_BY_AGE = (
    (15, 0.0006),
    (45, 0.002),
    (60, 0.008),
    (200, 0.018),
)  # one of the 30 + 4 diseases registered [G, choice]
AWAY_FOR_WORK_BY_AGE = ((18, 0.0), (25, 0.55), (40, 0.60), (50, 0.48), (60, 0.28), (66, 0.08), (200, 0.0))  # [G]
PUBLIC_POST_SHARE = 0.06  # of working-age 脱贫户 members who are not away [G]
UNINSURED_SHARE = (
    0.0022  # without basic medical insurance in 2022; the real share is larger [choice: noise is the enemy]
)
NOT_IN_SCHOOL_SHARE = 0.0012  # of the children of compulsory school age [choice]

# ── income of 2021, yuan per head ─────────────────────────────────────────────
# Hebei's rural residents 18,179 (disposable), the nation's 脱贫人口 12,550 (net) [domain 2.6 G, S2]. 脱贫户 are set above the
# national mean: around it, half of them would fall under 12,550 and the screening would list 6,000 households of class C.
GENERAL_MEDIAN, GENERAL_SPREAD = 16_700, 0.38  # mean of the log-normal ≈ 17,950
ALLEVIATED_MEDIAN, ALLEVIATED_SPREAD = 15_000, 0.185  # mean ≈ 15,260
MONITORED_MEDIAN, MONITORED_SPREAD = 8_600, 0.22
LOWEST_UNMONITORED = 7_900  # nobody else comes near the line by chance …
BELOW_LINE_SHARE = 0.0008  # … but these few, of the 一般农户
GROWTH_MEAN, GROWTH_SPREAD = 0.115, 0.038  # projection against 2021; falls for 1 in 800 by chance [choice]
FALLING_SHARE = 0.018  # 脱贫户 whose projection lies under 2021 for a reason [choice]
MONTH_MISSING_SHARE = 0.004  # 脱贫户 with one of the nine months not collected [choice]

# ── department files ──────────────────────────────────────────────────────────
OUTPATIENT_PER_MONTH, INPATIENT_PER_MONTH = (
    0.085,
    0.013,
)  # settlements per person [G: ~0.16 stays a year in rural areas]
SERIOUS_STAYS_PER_MONTH = 0.16
ASSISTED_ALLEVIATED, ASSISTED_GENERAL = 0.20, 0.012  # households on 低保 [G]
WATER_VILLAGES = 5  # the smallest ones, one for each story of the water rule
HAIL_VILLAGES, HAIL_SHARE = 3, 0.30
JUNE_ACCIDENTS, JUNE_LOST_WORK = 0.0006, 0.0009  # per household: lead for judgement
MONTH_MISSING_VILLAGE = 3  # the village (by size, from the smallest) whose households of March 2022 were not collected
UNSAFE_HOUSES = 0.0009  # grade C or D, not rebuilt
DEATHS_PER_YEAR, BIRTHS_PER_YEAR = 0.0080, 0.0075  # [G]
PUSH_LIST_ROWS = 1_203  # the scenario H-15 of the dossier

# ── what is wrong with the files ──────────────────────────────────────────────
# Of rows, unless said otherwise [choice; kinds from domain 2.10, 2.11 and interfaces]
WRONG_CHECK_DIGIT = 0.0003
LOST_DIGITS = 0.0001
OLD_NUMBERS = 0.012  # 15 digits, of people over 60
SMALL_X = 0.35  # of the numbers that end in X
WRAPPED = 0.0015  # ' or full-width digits or spaces inside the number
SPACED_NAME = 0.004
REPEATED_ROW = 0.0001
EACH_QUESTION = 0.0003  # of households (or persons): one of the inspectors' questions
MISTAKEN_NAME = 0.0004
MISTYPED_NUMBER = 0.0003
MISSING_NUMBER = 0.0001
STRANGERS = 0.0006
NEIGHBOURS = 0.0004
