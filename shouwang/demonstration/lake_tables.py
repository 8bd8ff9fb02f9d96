"""The queries behind ``lake``: every column a function of a hash of the seed and the row's key.

Placeholders: seed, first_key, households, county (12 digits), batch, period, first_day. ``chance(key, salt)`` is uniform in [0, 1).
"""

# u² leans towards small values: few people are ill often, many seldom.
PREPARATION = (
    "CREATE OR REPLACE MACRO chance(k, salt) AS (hash(k, salt, {seed}) >> 11)::DOUBLE / 9007199254740992.0",
    "CREATE OR REPLACE MACRO choice(k, salt, names) AS names[1 + (chance(k, salt) * len(names))::INTEGER % len(names)]",
    """
    CREATE OR REPLACE TEMP TABLE household AS
    SELECT {first_key} + i AS household_key,
           '{county}'[1:6] || lpad(CAST(100 + i * 20 // {households} AS VARCHAR), 3, '0')
               || lpad(CAST(200 + (i * 300 // {households}) % 15 AS VARCHAR), 3, '0') AS region_code,
           chance(i, 1) < 0.20 AS is_alleviated,
           chance(i, 2) < 0.006 AS is_monitored,
           -- 3.2 people on average
           CASE WHEN chance(i, 3) < 0.10 THEN 1 WHEN chance(i, 3) < 0.36 THEN 2 WHEN chance(i, 3) < 0.60 THEN 3
                WHEN chance(i, 3) < 0.82 THEN 4 WHEN chance(i, 3) < 0.93 THEN 5 ELSE 6 END AS size,
           -- about log-normal: the sum of four chances is nearly normal
           exp(ln(CASE WHEN chance(i, 1) < 0.20 THEN 15000 ELSE 16700 END)
               + (chance(i, 4) + chance(i, 5) + chance(i, 6) + chance(i, 7) - 2) * 0.42)
               * CASE WHEN chance(i, 8) < 0.008 THEN 0.4 ELSE 1 END AS per_head
    FROM range({households}) AS numbers(i)
    """,
    """
    CREATE OR REPLACE TEMP TABLE person AS
    SELECT {first_key} + row_number() OVER () - 1 AS person_key, household_key, region_code, is_alleviated, member, born_on,
           date_diff('day', born_on, DATE '2022-06-30') // 365 AS age
    FROM (
        SELECT household_key, region_code, is_alleviated, member,
               DATE '2022-06-30' - CAST(CASE WHEN member <= 2 THEN 8500 + chance(household_key, 10) * 22000 + chance(household_key, 11 + member) * 1500
                    ELSE chance(household_key, 20 + member) * 8500 END AS INTEGER) AS born_on
        FROM (SELECT *, unnest(range(1, size + 1)) AS member FROM household)
        ORDER BY household_key, member
    )
    """,
)

_HEAD = "{batch}::BIGINT AS batch, (row_number() OVER () + 1)::INTEGER AS \"row\", '{period}' AS period, "
_PERSON = _HEAD + "person_key, NULL::BIGINT AS household_key, "
_OF_HOUSEHOLD = _HEAD + "NULL::BIGINT AS person_key, household_key, "

SNAPSHOTS = {
    "registry_person": """
        SELECT {batch}::BIGINT AS batch, (row_number() OVER () + 1)::INTEGER AS "row", person_key,
               CAST(person_key AS VARCHAR) AS person_no, household_key, CAST(household_key AS VARCHAR) AS household_no, region_code, born_on,
               CASE WHEN chance(person_key, 31) < 0.52 THEN '男' ELSE '女' END AS sex,
               CASE member WHEN 1 THEN '户主' WHEN 2 THEN '配偶' ELSE '之子' END AS relation,
               CASE WHEN age < 16 OR age >= 75 THEN '无劳动力' WHEN chance(person_key, 32) < 0.03 THEN '丧失劳动力'
                    WHEN age >= 60 THEN '弱劳动力或半劳动力' ELSE '普通劳动力' END AS labour_capacity
        FROM person""",
    "registry_household": """
        SELECT {batch}::BIGINT AS batch, (row_number() OVER () + 1)::INTEGER AS "row", household_key,
               CAST(household_key AS VARCHAR) AS household_no, region_code,
               CASE WHEN is_alleviated THEN '脱贫户' ELSE '一般农户' END AS household_type, is_monitored,
               CASE WHEN is_monitored THEN '边缘易致贫户' END AS object_category
        FROM household""",
    "medical_insurance": "SELECT " + _PERSON + """
               2022::INTEGER AS insured_year, '参保' AS insurance_status, '城乡居民' AS insurance_kind
        FROM person WHERE chance(person_key, 40) >= 0.0025""",
    "major_disease": "SELECT " + _PERSON + """
               choice(person_key, 41, ['脑卒中', '肺癌', '胃癌', '食道癌', '高血压', '糖尿病', '终末期肾病', '慢性阻塞性肺气肿']) AS disease,
               DATE '2015-01-01' + CAST(chance(person_key, 42) * 2600 AS INTEGER) AS diagnosed_on
        FROM person WHERE chance(person_key, 43) < 0.015""",
    "disability": "SELECT " + _PERSON + """
               choice(person_key, 44, ['肢体', '听力', '视力', '精神', '智力']) AS disability_kind,
               1 + (chance(person_key, 45) * 4)::INTEGER % 4 AS disability_level,
               DATE '2010-01-01' + CAST(chance(person_key, 46) * 4000 AS INTEGER) AS certified_on,
               CASE WHEN chance(person_key, 47) < 0.01 THEN DATE '2022-03-01' END AS cancelled_on
        FROM person WHERE chance(person_key, 48) < 0.024""",
    "social_assistance": "SELECT " + _PERSON + """
               '农村低保' AS assistance_kind, '2020-01' AS from_month, NULL::VARCHAR AS to_month,
               (26000 + CAST(chance(person_key, 49) * 20000 AS INTEGER))::BIGINT AS amount_fen
        FROM person WHERE chance(household_key, 50) < 0.05""",
    "enrolment": "SELECT " + _PERSON + """
               '中心小学' AS school, '三年级' AS grade, '在读' AS enrolment_status, NULL::VARCHAR AS not_enrolled_reason
        FROM person WHERE born_on BETWEEN DATE '2006-09-02' AND DATE '2015-09-01' AND chance(person_key, 51) >= 0.0015""",
    "schooling_cost": "SELECT " + _PERSON + """
               DATE '2021-09-01' + CAST(chance(person_key, 52) * 200 AS INTEGER) AS paid_on,
               CAST(80000 + chance(person_key, 53) * 500000 AS BIGINT) AS amount_fen, '职业技术学校' AS school
        FROM person WHERE age BETWEEN 15 AND 22""",
    "employment": "SELECT " + _PERSON + """
               CASE WHEN chance(person_key, 54) < 0.002 THEN '失业' ELSE '就业' END AS employment_status,
               CASE WHEN chance(person_key, 54) < 0.002 THEN DATE '2022-06-05' ELSE DATE '2021-03-01' END AS started_on,
               '北京市' AS work_place, NULL::VARCHAR AS employer, NULL::DATE AS ended_on
        FROM person WHERE age BETWEEN 18 AND 60 AND chance(person_key, 55) < 0.35""",
    "accident": "SELECT " + _PERSON + """
               '交通事故' AS accident_kind, DATE '2021-07-01' + CAST(chance(person_key, 56) * 364 AS INTEGER) AS occurred_on,
               CAST(100000 + chance(person_key, 57) * 2000000 AS BIGINT) AS own_loss_fen
        FROM person WHERE chance(person_key, 58) < 0.001""",
    "population_change": "SELECT " + _PERSON + """
               '死亡' AS change_kind, DATE '2022-01-01' + CAST(chance(person_key, 59) * 179 AS INTEGER) AS changed_on,
               CAST(household_key AS VARCHAR) AS household_no
        FROM person WHERE age >= 50 AND chance(person_key, 60) < 0.010""",
    "asset_hint": "SELECT " + _PERSON + """
               '小汽车' AS asset_kind, DATE '2018-01-01' + CAST(chance(person_key, 61) * 1500 AS INTEGER) AS registered_on,
               6500000::BIGINT AS value_fen
        FROM person WHERE age >= 20 AND chance(person_key, 62) < 0.02""",
    "housing_safety": "SELECT " + _OF_HOUSEHOLD + """
               CASE WHEN chance(household_key, 63) < 0.05 THEN 'C' WHEN chance(household_key, 63) < 0.08 THEN 'D' ELSE 'B' END AS safety_grade,
               DATE '2022-01-10' + CAST(chance(household_key, 64) * 160 AS INTEGER) AS appraised_on,
               CASE WHEN chance(household_key, 65) < 0.5 THEN '已改造' END AS rebuild_status, NULL::BOOLEAN AS has_safe_dwelling
        FROM household WHERE chance(household_key, 66) < 0.02""",
    "disaster_loss": "SELECT " + _OF_HOUSEHOLD + """
               '风雹' AS disaster_kind, DATE '2021-07-01' + CAST(chance(household_key, 67) * 364 AS INTEGER) AS occurred_on,
               CAST(50000 + chance(household_key, 68) * 900000 AS BIGINT) AS loss_fen
        FROM household WHERE chance(household_key, 69) < 0.006""",
    "water_outage": "SELECT " + _HEAD + """NULL::BIGINT AS person_key, NULL::BIGINT AS household_key,
               region_code AS village_code, DATE '2022-06-10' AS outage_from, '水质抽检' AS reason, DATE '2022-06-10' AS outage_to,
               chance(region_code, 70) >= 0.05 AS quality_passed
        FROM (SELECT DISTINCT region_code FROM household ORDER BY region_code) WHERE chance(region_code, 71) < 0.05""",
}  # fmt: skip

INCOME_OF_THE_YEAR = """
    SELECT household_key, 2021::INTEGER AS year,
           CAST(per_head * size * 50 AS BIGINT) AS wage_fen, CAST(per_head * size * 45 AS BIGINT) AS business_fen,
           CAST(per_head * size AS BIGINT) AS property_fen, CAST(per_head * size * 19 AS BIGINT) AS transfer_fen,
           CAST(per_head * size * 15 AS BIGINT) AS business_cost_fen,
           {batch}::BIGINT AS batch, (row_number() OVER () + 1)::INTEGER AS "row", '{period}' AS period
    FROM household"""

SETTLEMENTS = "SELECT " + _PERSON + """
           DATE '{first_day}' + CAST(floor(chance(person_key, '{period}d') * 28) AS INTEGER) AS settled_on,
           -- a heavy tail: one in 300 above 20,000 yuan
           CAST(3000 + 4500 * power(1 - chance(person_key, '{period}m'), -1.05) AS BIGINT) AS own_payment_fen,
           CASE WHEN chance(person_key, '{period}k') < 0.12 THEN '住院' ELSE '门诊' END AS visit_kind,
           choice(person_key, '{period}n', ['上呼吸道感染', '慢性胃炎', '骨折', '脑卒中']) AS disease,
           CAST(9000 + 13500 * power(1 - chance(person_key, '{period}m'), -1.05) AS BIGINT) AS total_cost_fen,
           CAST(6000 + 9000 * power(1 - chance(person_key, '{period}m'), -1.05) AS BIGINT) AS basic_insurance_fen,
           0::BIGINT AS critical_illness_fen, 0::BIGINT AS medical_assistance_fen, 0::BIGINT AS other_supplement_fen,
           '{period}' || CAST(person_key AS VARCHAR) AS settlement_no
    FROM (SELECT person_key, unnest(range(1 + (chance(person_key, '{period}r') < 0.15)::INTEGER)) AS visit
          FROM person WHERE chance(person_key, '{period}c') < chance(person_key, 80) * chance(person_key, 80) * 0.48)"""  # fmt: skip

MONTHLY_INCOME = "SELECT " + _OF_HOUSEHOLD + """
           CAST(household_key AS VARCHAR) AS household_no, '{period}' AS month,
           CAST(a * 50 AS BIGINT) AS wage_fen, CAST(a * 45 AS BIGINT) AS business_fen, CAST(a AS BIGINT) AS property_fen,
           -- one household in fifty lives on transfers
           CAST(a * CASE WHEN chance(household_key, 92) < 0.02 THEN 60 ELSE 19 END AS BIGINT) AS transfer_fen,
           CAST(a * 15 AS BIGINT) AS business_cost_fen
    FROM (SELECT household_key, per_head * size / 12 * (CASE WHEN chance(household_key, 91) < 0.01 THEN 0.75 ELSE 1 END + chance(household_key, 90) * 0.25 + chance(household_key, '{period}i') * 0.06) AS a
          FROM household WHERE chance(household_key, '{period}x') >= 0.0005)"""  # fmt: skip
