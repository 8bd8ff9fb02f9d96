-- The thirteen rules by hand, as one who knows DuckDB would write them for speed: same findings, same evidence, one file.
--
-- $lake is the folder and $target the file that is written; the other names are values of bench/values.py. Every value that
-- the documents leave open is set there, so that every rule computes. Each county has one file of every dataset and month, and
-- nothing was superseded: whoever writes by hand for these files leaves those cases out.

-- ── what rules share ────────────────────────────────────────────────────────────────────────────────────────────────────────

CREATE TEMP TABLE people AS
SELECT person_key, household_key, born_on,
       labour_capacity IN ('普通劳动力', '技能劳动力', '弱劳动力或半劳动力') AS is_labouring
FROM read_parquet('$lake/registry_person/*/*/*.parquet', hive_partitioning = false)
WHERE person_key NOT IN (
    SELECT person_key
    FROM read_parquet('$lake/population_change/*/*/*.parquet', hive_partitioning = false)
    WHERE changed_on <= DATE '$as_of' AND person_key IS NOT NULL
    GROUP BY person_key
    HAVING max(changed_on) FILTER (change_kind IN ('死亡', '迁出', '婚出', '参军', '服刑', '失踪'))
           > coalesce(max(changed_on) FILTER (change_kind IN ('出生', '迁入', '婚入', '退役返回', '刑满返回', '返回')), DATE '0001-01-01')
);

CREATE TEMP TABLE households AS
SELECT household_key, region_code, members, has_labour, coalesce(is_monitored, false) AS is_monitored,
       coalesce(household_type = '脱贫户', false) AS is_alleviated,
       wage_fen + business_fen + property_fen + transfer_fen - business_cost_fen AS last_net
FROM read_parquet('$lake/registry_household/*/*/*.parquet', hive_partitioning = false) AS household
JOIN (SELECT household_key, count(*) AS members, bool_or(is_labouring) AS has_labour FROM people GROUP BY household_key) AS counted
    USING (household_key)
LEFT JOIN (FROM read_parquet('$lake/registry_income/*/*/*.parquet', hive_partitioning = false) WHERE year = $last_year) AS income
    USING (household_key);

CREATE TEMP TABLE projection AS
SELECT household_key, members, has_labour, last_net, net, gross, transfer, present
FROM households
LEFT JOIN (
    SELECT household_key, sum(gross - business_cost_fen)::BIGINT AS net, sum(gross)::BIGINT AS gross, sum(transfer_fen)::BIGINT AS transfer,
           count(*) AS present
    FROM (
        SELECT household_key, business_cost_fen, transfer_fen, wage_fen + business_fen + property_fen + transfer_fen AS gross
        FROM read_parquet('$lake/monthly_income/*/*/*.parquet', hive_partitioning = false)
        WHERE month BETWEEN '$first_month' AND '$month'
    )
    WHERE household_key IN (SELECT household_key FROM households WHERE is_alleviated OR is_monitored)
      AND gross - business_cost_fen IS NOT NULL
    GROUP BY household_key
) USING (household_key)
WHERE is_alleviated OR is_monitored;

CREATE TEMP TABLE findings (
    rule VARCHAR, household_key BIGINT, person_key BIGINT, status VARCHAR, reason VARCHAR, observed BIGINT, observed_divisor BIGINT,
    observed_text VARCHAR, threshold BIGINT, threshold_divisor BIGINT, present_count SMALLINT, expected_count SMALLINT
);

CREATE TEMP TABLE evidence (rule VARCHAR, household_key BIGINT, person_key BIGINT, dataset VARCHAR, batch BIGINT, "row" INTEGER);

-- ── findings ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

CREATE TEMP TABLE ill AS
SELECT person_key FROM read_parquet('$lake/major_disease/*/*/*.parquet', hive_partitioning = false)
WHERE diagnosed_on <= DATE '$as_of' AND disease IN ($diseases)
UNION
SELECT person_key FROM read_parquet('$lake/medical_settlement/*/*/*.parquet', hive_partitioning = false)
WHERE settled_on BETWEEN DATE '$year_start' AND DATE '$as_of' AND disease IN ($diseases);

INSERT INTO findings BY NAME
SELECT 'household.major_illness_cost' AS rule, household_key, person_key, 'hit' AS status, cost AS observed,
       CASE WHEN is_alleviated OR is_monitored THEN $warning_monitored ELSE $warning_general END AS threshold
FROM (
    SELECT person_key, sum(own_payment_fen)::BIGINT AS cost
    FROM read_parquet('$lake/medical_settlement/*/*/*.parquet', hive_partitioning = false)
    WHERE settled_on BETWEEN DATE '$year_start' AND DATE '$as_of' AND person_key IN (FROM ill)
    GROUP BY person_key HAVING cost > least($warning_monitored, $warning_general)
)
JOIN people USING (person_key) JOIN households USING (household_key)
WHERE cost > CASE WHEN is_alleviated OR is_monitored THEN $warning_monitored ELSE $warning_general END;

INSERT INTO findings BY NAME
SELECT 'household.severe_disability_low_income' AS rule, household_key, person_key,
       CASE WHEN last_net IS NULL THEN 'not_computed' ELSE 'hit' END AS status, CASE WHEN last_net IS NULL THEN '缺上年收入' END AS reason,
       last_net AS observed, members AS observed_divisor, $line AS threshold
FROM (
    SELECT DISTINCT person_key FROM read_parquet('$lake/disability/*/*/*.parquet', hive_partitioning = false)
    WHERE certified_on <= DATE '$as_of' AND (cancelled_on IS NULL OR cancelled_on > DATE '$as_of') AND disability_level IN ($severe_levels)
)
JOIN people USING (person_key) JOIN households USING (household_key)
WHERE last_net IS NULL OR last_net < members * $line;

CREATE TEMP TABLE lost_work AS
WITH work AS (
    SELECT person_key, batch, "row", started_on, ended_on, employment_status IN ('失业', '未就业') AS is_jobless
    FROM read_parquet('$lake/employment/*/*/*.parquet', hive_partitioning = false)
), lost AS (
    FROM work WHERE CASE WHEN is_jobless THEN started_on ELSE ended_on END BETWEEN DATE '$month_start' AND DATE '$as_of'
)
SELECT person_key, household_key, batch, "row" FROM lost JOIN people USING (person_key)
WHERE person_key NOT IN (
    SELECT person_key FROM work SEMI JOIN lost USING (person_key)
    WHERE NOT is_jobless AND started_on <= DATE '$as_of' AND (ended_on IS NULL OR ended_on > DATE '$as_of') AND person_key IS NOT NULL
);

INSERT INTO findings BY NAME
WITH event AS (
    SELECT household_key, loss_fen AS loss FROM read_parquet('$lake/disaster_loss/*/*/*.parquet', hive_partitioning = false)
    WHERE occurred_on BETWEEN DATE '$month_start' AND DATE '$as_of'
    UNION ALL
    SELECT people.household_key, own_loss_fen FROM read_parquet('$lake/accident/*/*/*.parquet', hive_partitioning = false) JOIN people USING (person_key)
    WHERE occurred_on BETWEEN DATE '$month_start' AND DATE '$as_of'
    UNION ALL
    SELECT household_key, NULL FROM lost_work
)
SELECT 'household.sudden_hardship' AS rule, household_key, CASE WHEN is_hit THEN 'hit' ELSE 'judgement' END AS status, loss AS observed,
       $sudden_spending AS threshold
FROM (
    SELECT household_key, loss, household.last_net IS NULL AS is_open,
           coalesce(loss, 0) >= $sudden_spending
           OR coalesce((household.last_net * $months - household.net * $annual_months) * 1000000 >= household.last_net * $months * $sudden_drop, false) AS is_hit
    FROM (SELECT household_key, sum(loss)::BIGINT AS loss FROM event GROUP BY household_key)
    SEMI JOIN households USING (household_key)
    LEFT JOIN (FROM projection WHERE present = $months AND last_net > 0) AS household USING (household_key)
)
WHERE is_hit OR is_open;

CREATE TEMP TABLE poor AS
SELECT person_key, household_key FROM people
WHERE household_key IN (SELECT household_key FROM households WHERE last_net IS NULL OR last_net < members * $line);

CREATE TEMP TABLE spending AS
SELECT poor.household_key, 'medical_settlement' AS dataset, paid.batch, paid."row", own_payment_fen AS amount
FROM read_parquet('$lake/medical_settlement/*/*/*.parquet', hive_partitioning = false) AS paid JOIN poor USING (person_key)
WHERE settled_on BETWEEN DATE '$spending_start' AND DATE '$as_of' AND own_payment_fen > 0
UNION ALL
SELECT poor.household_key, 'schooling_cost', paid.batch, paid."row", amount_fen
FROM read_parquet('$lake/schooling_cost/*/*/*.parquet', hive_partitioning = false) AS paid JOIN poor USING (person_key)
WHERE paid_on BETWEEN DATE '$spending_start' AND DATE '$as_of' AND amount_fen > 0
UNION ALL
SELECT poor.household_key, 'accident', paid.batch, paid."row", own_loss_fen
FROM read_parquet('$lake/accident/*/*/*.parquet', hive_partitioning = false) AS paid JOIN poor USING (person_key)
WHERE occurred_on BETWEEN DATE '$spending_start' AND DATE '$as_of' AND own_loss_fen > 0
UNION ALL
SELECT household_key, 'disaster_loss', batch, "row", loss_fen
FROM read_parquet('$lake/disaster_loss/*/*/*.parquet', hive_partitioning = false)
WHERE occurred_on BETWEEN DATE '$spending_start' AND DATE '$as_of' AND loss_fen > 0
  AND household_key IN (SELECT household_key FROM poor);

INSERT INTO findings BY NAME
SELECT 'household.spending_exceeds_income' AS rule, household_key, CASE WHEN last_net IS NULL THEN 'not_computed' ELSE 'hit' END AS status,
       CASE WHEN last_net IS NULL THEN '缺上年收入' END AS reason, spent AS observed, last_net AS threshold
FROM (SELECT household_key, sum(amount)::BIGINT AS spent FROM spending GROUP BY household_key) JOIN households USING (household_key)
WHERE last_net IS NULL OR spent > last_net;

-- the five classes of income, from one pass over the projections
INSERT INTO findings BY NAME
SELECT rule, household_key,
       CASE WHEN present IS NULL OR (rule = 'household.income_falling' AND last_net IS NULL) THEN 'not_computed'
            WHEN present = $months THEN 'hit' ELSE 'provisional' END AS status,
       CASE WHEN present IS NULL THEN '没有采集到本采集年度的月收入'
            WHEN rule = 'household.income_falling' AND last_net IS NULL THEN '缺上年收入' END AS reason,
       CASE WHEN rule = 'household.transfer_share_high' THEN transfer * 1000000 ELSE net * $annual_months END AS observed,
       CASE WHEN rule = 'household.transfer_share_high' THEN gross ELSE members * $months END AS observed_divisor,
       CASE rule WHEN 'household.income_falling' THEN last_net WHEN 'household.income_below_line' THEN $line
            WHEN 'household.income_below_alleviated_average' THEN $average WHEN 'household.transfer_share_high' THEN $transfer_share
            ELSE $low_income END AS threshold,
       CASE WHEN rule = 'household.income_falling' THEN members END AS threshold_divisor,
       present AS present_count, $months AS expected_count
FROM (
    SELECT *, unnest(list_filter([
        CASE WHEN present IS NULL OR last_net IS NULL OR net * $annual_months < last_net * $months THEN 'household.income_falling' END,
        CASE WHEN present IS NULL OR net * $annual_months < members * $months * $line THEN 'household.income_below_line' END,
        CASE WHEN present IS NULL OR net * $annual_months < members * $months * $average THEN 'household.income_below_alleviated_average' END,
        CASE WHEN present IS NULL OR (transfer * 1000000 > gross * $transfer_share AND gross > 0) THEN 'household.transfer_share_high' END,
        CASE WHEN NOT has_labour AND (present IS NULL OR net * $annual_months < members * $months * $low_income) THEN 'household.no_labour_low_income' END
    ], lambda rule: rule IS NOT NULL)) AS rule
    FROM projection
    -- most households are in no class: they need no list
    WHERE present IS NULL OR last_net IS NULL OR net * $annual_months < last_net * $months
       OR net * $annual_months < members * $months * greatest($line, $average, $low_income) OR transfer * 1000000 > gross * $transfer_share
);

CREATE TEMP TABLE enrolled AS
FROM (
    SELECT child.person_key, child.household_key, child.born_on, enrolment_status, not_enrolled_reason, enrolment.batch, enrolment."row"
    FROM (FROM people WHERE born_on IS NULL OR (born_on > DATE '$child_born_after' AND born_on <= DATE '$child_born_until')) AS child
    LEFT JOIN (
        FROM read_parquet('$lake/enrolment/*/*/*.parquet', hive_partitioning = false) WHERE period BETWEEN '$school_year' AND '$month'
    ) AS enrolment USING (person_key)
)
WHERE NOT coalesce(enrolment_status IN ('在读', '送教上门'), false) AND NOT coalesce(not_enrolled_reason = '身体原因', false);

INSERT INTO findings BY NAME
SELECT 'household.child_not_in_school' AS rule, household_key, person_key, CASE WHEN born_on IS NULL THEN 'not_computed' ELSE 'hit' END AS status,
       CASE WHEN born_on IS NULL THEN '缺出生日期' END AS reason, coalesce(enrolment_status, '没有学籍记录') AS observed_text
FROM enrolled;

CREATE TEMP TABLE uninsured AS
FROM people
WHERE person_key NOT IN (
    SELECT person_key FROM read_parquet('$lake/medical_insurance/*/*/*.parquet', hive_partitioning = false)
    WHERE insured_year = $year AND period <= '$month' AND insurance_status = '参保' AND person_key IS NOT NULL
);

CREATE TEMP TABLE insurance AS
SELECT person_key, uninsured.household_key, insurance_status, insurance.batch, insurance."row"
FROM uninsured LEFT JOIN (
    FROM read_parquet('$lake/medical_insurance/*/*/*.parquet', hive_partitioning = false) WHERE insured_year = $year AND period <= '$month'
) AS insurance USING (person_key);

INSERT INTO findings BY NAME
SELECT 'household.not_insured' AS rule, household_key, person_key, 'hit' AS status, coalesce(insurance_status, '没有参保记录') AS observed_text
FROM insurance;

CREATE TEMP TABLE dwelling AS
FROM (
    SELECT household_key, batch, "row", safety_grade, rebuild_status, has_safe_dwelling
    FROM read_parquet('$lake/housing_safety/*/*/*.parquet', hive_partitioning = false)
    WHERE appraised_on <= DATE '$as_of'
    QUALIFY row_number() OVER (PARTITION BY household_key ORDER BY appraised_on DESC, period DESC, batch DESC, "row" DESC) = 1
)
WHERE safety_grade IN ($unsafe_grades) AND NOT coalesce(rebuild_status = '已改造', false) AND NOT coalesce(has_safe_dwelling, false);

INSERT INTO findings BY NAME
SELECT 'household.housing_unsafe' AS rule, household_key, 'hit' AS status, safety_grade AS observed_text
FROM dwelling SEMI JOIN households USING (household_key);

CREATE TEMP TABLE water AS
WITH supply AS (
    SELECT village_code, batch, "row", outage_from, outage_to, period, quality_passed
    FROM read_parquet('$lake/water_outage/*/*/*.parquet', hive_partitioning = false)
    WHERE outage_from <= DATE '$as_of'
)
SELECT village_code, batch, "row", outage_from, false AS is_failed FROM supply WHERE outage_to IS NULL OR outage_to > DATE '$as_of'
UNION ALL
SELECT village_code, batch, "row", NULL, true FROM (
    FROM supply WHERE quality_passed IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY village_code ORDER BY outage_from DESC, period DESC, batch DESC, "row" DESC) = 1
)
WHERE NOT quality_passed;

INSERT INTO findings BY NAME
SELECT 'household.water_unsafe' AS rule, household_key, 'hit' AS status, DATE '$as_of' + 1 - outage_from AS observed,
       CASE WHEN is_failed THEN '水质不合格' END AS observed_text, $outage_days AS threshold
FROM households JOIN (
    SELECT village_code AS region_code, min(outage_from) AS outage_from, bool_or(is_failed) AS is_failed FROM water GROUP BY village_code
) USING (region_code)
WHERE is_failed OR outage_from <= DATE '$as_of' - ($outage_days - 1);

-- ── evidence: each dataset once, for all rules that point at it ─────────────────────────────────────────────────────────────

CREATE TEMP TABLE hits AS
SELECT DISTINCT rule, household_key, person_key FROM findings WHERE status <> 'not_computed';

INSERT INTO evidence
SELECT rule, hit.household_key, person_key, 'medical_settlement', batch, "row"
FROM read_parquet('$lake/medical_settlement/*/*/*.parquet', hive_partitioning = false)
JOIN (FROM hits WHERE rule = 'household.major_illness_cost') AS hit USING (person_key)
WHERE settled_on BETWEEN DATE '$year_start' AND DATE '$as_of';

INSERT INTO evidence
SELECT rule, hit.household_key, person_key, 'major_disease', batch, "row"
FROM read_parquet('$lake/major_disease/*/*/*.parquet', hive_partitioning = false)
JOIN (FROM hits WHERE rule = 'household.major_illness_cost') AS hit USING (person_key)
WHERE diagnosed_on <= DATE '$as_of' AND disease IN ($diseases);

INSERT INTO evidence
SELECT rule, hit.household_key, person_key, 'disability', batch, "row"
FROM read_parquet('$lake/disability/*/*/*.parquet', hive_partitioning = false)
JOIN (FROM hits WHERE rule = 'household.severe_disability_low_income') AS hit USING (person_key)
WHERE certified_on <= DATE '$as_of' AND (cancelled_on IS NULL OR cancelled_on > DATE '$as_of') AND disability_level IN ($severe_levels);

INSERT INTO evidence
SELECT rule, household_key, hit.person_key, 'registry_income', batch, "row"
FROM read_parquet('$lake/registry_income/*/*/*.parquet', hive_partitioning = false)
JOIN (FROM hits WHERE rule IN ('household.severe_disability_low_income', 'household.spending_exceeds_income', 'household.income_falling')) AS hit
    USING (household_key)
WHERE year = $last_year;

INSERT INTO evidence
SELECT rule, household_key, hit.person_key, 'monthly_income', batch, "row"
FROM read_parquet('$lake/monthly_income/*/*/*.parquet', hive_partitioning = false)
JOIN (FROM hits WHERE rule IN ('household.income_falling', 'household.income_below_line', 'household.income_below_alleviated_average',
                               'household.transfer_share_high', 'household.no_labour_low_income')) AS hit USING (household_key)
WHERE month BETWEEN '$first_month' AND '$month';

INSERT INTO evidence
SELECT rule, hit.household_key, hit.person_key, 'registry_person', batch, "row"
FROM read_parquet('$lake/registry_person/*/*/*.parquet', hive_partitioning = false) AS sheet
JOIN (
    FROM hits WHERE rule IN ('household.child_not_in_school', 'household.not_insured')
    UNION ALL
    SELECT rule, household_key, people.person_key FROM hits JOIN people USING (household_key) WHERE rule = 'household.no_labour_low_income'
) AS hit USING (person_key);
-- a member of a household without labour stands for the household, not for the finding
UPDATE evidence SET person_key = NULL WHERE rule = 'household.no_labour_low_income';

INSERT INTO evidence
SELECT rule, hit.household_key, NULL, 'disaster_loss', batch, "row"
FROM read_parquet('$lake/disaster_loss/*/*/*.parquet', hive_partitioning = false)
JOIN (SELECT rule, household_key FROM hits WHERE rule = 'household.sudden_hardship') AS hit USING (household_key)
WHERE occurred_on BETWEEN DATE '$month_start' AND DATE '$as_of'
UNION ALL
SELECT rule, hit.household_key, NULL, 'accident', batch, "row"
FROM read_parquet('$lake/accident/*/*/*.parquet', hive_partitioning = false) AS accident
JOIN (SELECT rule, household_key, people.person_key FROM hits JOIN people USING (household_key) WHERE rule = 'household.sudden_hardship') AS hit USING (person_key)
WHERE occurred_on BETWEEN DATE '$month_start' AND DATE '$as_of'
UNION ALL
SELECT rule, hit.household_key, NULL, 'employment', batch, "row"
FROM lost_work JOIN (SELECT rule, household_key FROM hits WHERE rule = 'household.sudden_hardship') AS hit USING (household_key)
UNION ALL
SELECT rule, hit.household_key, NULL, dataset, batch, "row"
FROM spending JOIN (SELECT rule, household_key FROM hits WHERE rule = 'household.spending_exceeds_income') AS hit USING (household_key)
UNION ALL
SELECT 'household.child_not_in_school', household_key, person_key, 'enrolment', batch, "row" FROM enrolled WHERE batch IS NOT NULL AND born_on IS NOT NULL
UNION ALL
SELECT 'household.not_insured', household_key, person_key, 'medical_insurance', batch, "row" FROM insurance WHERE batch IS NOT NULL
UNION ALL
SELECT rule, hit.household_key, NULL, 'housing_safety', batch, "row"
FROM dwelling JOIN (SELECT rule, household_key FROM hits WHERE rule = 'household.housing_unsafe') AS hit USING (household_key)
UNION ALL
SELECT rule, hit.household_key, NULL, 'water_outage', batch, "row"
FROM (SELECT DISTINCT village_code, batch, "row" FROM water)
JOIN households ON region_code = village_code
JOIN (SELECT rule, household_key FROM hits WHERE rule = 'household.water_unsafe') AS hit USING (household_key);

COPY (
    SELECT findings.rule, status, reason, observed, observed_divisor, observed_text, threshold, threshold_divisor, present_count, expected_count,
           region_code, household_no, findings.household_key, person_key, coalesce(evidence, []) AS evidence
    FROM findings
    JOIN read_parquet('$lake/registry_household/*/*/*.parquet', hive_partitioning = false) AS household USING (household_key)
    LEFT JOIN (
        SELECT rule, household_key, coalesce(person_key, -1) AS person,
               list_sort(list({'dataset': dataset, 'batch': batch, 'row': "row"})) AS evidence
        FROM evidence GROUP BY ALL
    ) AS shown ON shown.rule = findings.rule AND shown.household_key = findings.household_key AND shown.person = coalesce(findings.person_key, -1)
    ORDER BY findings.rule, household_no, findings.household_key, person_key NULLS FIRST
) TO '$target' (FORMAT parquet, COMPRESSION zstd);
