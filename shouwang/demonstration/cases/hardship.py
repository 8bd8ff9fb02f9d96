"""Cases of the rules on sudden hardship and on spending that eats up an income."""

from __future__ import annotations

from .case import (
    DAUGHTER,
    GENERAL,
    HEAD,
    HIT,
    JUDGEMENT,
    MEMBERS,
    NOT_COMPUTED,
    WIFE,
    Case,
    Lines,
    accident,
    changed,
    disaster,
    schooling,
    settled,
    worked,
    yuan,
)

HARDSHIP = "household.sudden_hardship"
SPENDING = "household.spending_exceeds_income"


def sudden(lines: Lines) -> list[Case]:
    """Something that happened in June 2022. Without limits every event is put forward for judgement."""

    def case(name: str, *events, judged: bool = True, **more) -> Case:
        return Case(f"hardship.{name}", HARDSHIP, {HARDSHIP: JUDGEMENT} if judged else {}, events=events, **more)

    return [
        case("hail_on_the_first_day", disaster("2022-06-01", 800_000), observed="8000.00"),
        case("hail_on_the_last_day", disaster("2022-06-30", 800_000), observed="8000.00", kind=GENERAL),
        case("hail_the_day_before", disaster("2022-05-31", 800_000), judged=False),
        case("loss_not_stated", disaster("2022-06-12", None), copies=1),
        case("accident", accident(WIFE, "2022-06-12", 1_234_567), observed="12345.67"),
        case("accident_in_may", accident(WIFE, "2022-05-31", 1_234_567), judged=False, kind=GENERAL),
        case(
            "hail_and_accident",
            disaster("2022-06-12", 800_000),
            accident(HEAD, "2022-06-20", 200_000),
            observed="10000.00",
            copies=1,
            note="一户一条，损失相加",
        ),
        case("registered_jobless", worked(HEAD, "失业", "2022-06-10")),
        case("work_ended", worked(HEAD, "就业", "2021-03-01", "2022-06-15", "某建筑公司项目部")),
        case(
            "found_new_work",
            worked(HEAD, "就业", "2021-03-01", "2022-06-15", "某建筑公司项目部"),
            worked(HEAD, "就业", "2022-06-20", "", "某物流园"),
            judged=False,
        ),
        case(
            "work_ended_in_may",
            worked(HEAD, "就业", "2021-03-01", "2022-05-31", "某建筑公司项目部"),
            judged=False,
            kind=GENERAL,
        ),
        case(
            "moved_away",
            changed(DAUGHTER, "迁出", "2022-03-03"),
            accident(DAUGHTER, "2022-06-12", 500_000),
            judged=False,
            copies=1,
        ),
    ]


def spending(lines: Lines) -> list[Case]:
    """Own medical, schooling, accident and disaster costs of twelve months against last year's net household income."""
    line = MEMBERS * lines.income_line
    poor = line * 4 // 5

    def mixed(total: int, *, first_day: str = "2021-07-01") -> tuple:
        parts = (total // 10, total // 4, total // 8, total // 6)
        return (
            schooling(DAUGHTER, first_day, parts[0]),
            settled(WIFE, "2021-12-31", parts[1]),
            accident(HEAD, "2022-02-03", parts[2]),
            disaster("2022-03-18", parts[3]),
            settled(HEAD, "2022-06-30", total - sum(parts)),
        )

    def case(name: str, income: int | None, events: tuple, *, hit: bool = False, **more) -> Case:
        more = {"findings": {SPENDING: HIT} if hit else {}, "threshold": yuan(income) if income else "", **more}
        return Case(f"spending.{name}", SPENDING, last_year=income, events=events, **more)

    return [
        case("fen_above", poor, mixed(poor + 1), hit=True, observed=yuan(poor + 1), copies=4),
        case("same", poor, mixed(poor), copies=4),
        case("fen_below", poor, mixed(poor - 1)),
        case("general.fen_above", poor, mixed(poor + 1), hit=True, observed=yuan(poor + 1), kind=GENERAL),
        case("a_day_too_early", poor, mixed(poor + 1, first_day="2021-06-30"), note="窗口从2021年7月1日起"),
        case("income_on_the_line", line, mixed(line * 2), copies=3),
        case("income_fen_below", line - 1, mixed(line), hit=True, observed=yuan(line)),
        case("income_unknown", None, mixed(1_000_000), kind=GENERAL, findings={SPENDING: NOT_COMPUTED}, copies=1),
    ]
