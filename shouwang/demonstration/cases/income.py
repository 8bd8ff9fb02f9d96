"""Cases of the five income classes: falling, under the line, under the average, transfers too high, no labour."""

from __future__ import annotations

from .case import (
    DAUGHTER,
    GENERAL,
    HEAD,
    HIT,
    MEMBERS,
    NOT_COMPUTED,
    PROVISIONAL,
    QUIET_YEAR,
    SON,
    WIFE,
    Case,
    Lines,
    Monitored,
    yuan,
)

FALLING = "household.income_falling"
LINE = "household.income_below_line"
AVERAGE = "household.income_below_alleviated_average"
TRANSFER = "household.transfer_share_high"
LABOUR = "household.no_labour_low_income"
_CLASSES = (FALLING, LINE, AVERAGE)


def _nine(annual_per_head: int) -> int:
    """What nine months of a household add up to when they project to a figure per head."""
    return MEMBERS * annual_per_head * 9 // 12


def _projected(total: int) -> str:
    """The projection per head as it is shown."""
    return yuan(round(total * 12 / 9 / MEMBERS))


def falling(lines: Lines) -> list[Case]:
    """The projection against last year; strictly under counts."""
    same = QUIET_YEAR * 9 // 12

    def case(name: str, total: int | None, **more) -> Case:
        observed = _projected(total) if total else ""
        return Case(name, FALLING, nine_months=total, observed=observed, threshold=yuan(QUIET_YEAR // MEMBERS), **more)

    one_gone = "2022-03"
    return [
        case("falling.same", same, copies=3),
        case("falling.fen_below", same - 1, findings={FALLING: HIT}, copies=4),
        case("falling.fen_above", same + 1),
        case(
            "falling.monitored_for_work",
            same - 120_000,
            findings={FALLING: HIT},
            kind=GENERAL,
            monitored=Monitored("突发严重困难户", "因务工就业不稳"),
            has_lead=False,
        ),
        case(
            "falling.monitored_for_illness",
            same - 120_000,
            findings={FALLING: HIT},
            kind=GENERAL,
            monitored=Monitored("突发严重困难户", "因病"),
        ),
        case("falling.not_watched", None, kind=GENERAL, note="一般农户不采集月收入，不适用"),
        case(
            "falling.month_missing",
            4_000_000,
            missing_month=one_gone,
            findings={FALLING: PROVISIONAL},
            copies=3,
            note="8/9 个月",
        ),
        case("falling.month_missing_and_high", 5_600_000, missing_month=one_gone, note="缺一个月，暂定值也不低"),
        case("falling.nothing_collected", None, findings=dict.fromkeys(_CLASSES, NOT_COMPUTED)),
        Case("falling.last_year_unknown", FALLING, {FALLING: NOT_COMPUTED}, last_year=None, copies=1),
    ]


def below_line(lines: Lines) -> list[Case]:
    """The projection against the monitoring line; who is under the line is under the average too."""
    nine = _nine(lines.income_line)
    year = MEMBERS * lines.income_line - 10_000

    def case(name: str, total: int, findings: dict[str, str], **more) -> Case:
        return Case(
            name,
            LINE,
            findings,
            last_year=year,
            nine_months=total,
            observed=_projected(total),
            threshold=yuan(lines.income_line),
            **more,
        )

    return [
        case("line.on_the_line", nine, {AVERAGE: HIT}, copies=3),
        case("line.fen_below", nine - 1, {LINE: HIT, AVERAGE: HIT}, copies=3, note="每人每年少不足一分"),
        case("line.cent_per_head_below", nine - 3, {LINE: HIT, AVERAGE: HIT}, copies=3),
        case("line.fen_above", nine + 1, {AVERAGE: HIT}),
        case(
            "line.month_missing",
            MEMBERS * 490_000,
            dict.fromkeys(_CLASSES, PROVISIONAL),
            missing_month="2021-12",
            copies=3,
            note="8/9 个月：只作暂定，派补采任务",
        ),
    ]


def below_average(lines: Lines) -> list[Case]:
    """The projection against the national average of 脱贫人口."""
    nine = _nine(lines.alleviated_average)
    year = MEMBERS * lines.alleviated_average - 200_000

    def case(name: str, total: int, *, hit: bool = False, **more) -> Case:
        findings = {AVERAGE: HIT} if hit else {}
        return Case(
            name,
            AVERAGE,
            findings,
            last_year=year,
            nine_months=total,
            observed=_projected(total),
            threshold=yuan(lines.alleviated_average),
            **more,
        )

    return [
        case("average.on_the_line", nine, copies=4),
        case("average.fen_below", nine - 1, hit=True, copies=4),
        case("average.fen_above", nine + 1, copies=3),
        case("average.month_missing_and_high", nine + 400_000, missing_month="2022-02", note="暂定值高于平均，不提示"),
    ]


def transfer_share(lines: Lines) -> list[Case]:
    """The share of transfers; the document gives no limit, so the rule says nothing until a county sets one."""
    total = 6_000_000
    name = "household.transfer_share_limit"

    def case(label: str, transfer: int, status: str) -> Case:
        return Case(
            f"transfer.{label}",
            TRANSFER,
            nine_months=total,
            transfer_of_nine=transfer,
            copies=6,
            when=(name, "0.6", status),
            note="限值未给出时整条规则不计算",
        )

    return [
        case("at_six_tenths", total * 6 // 10, ""),
        case("fen_over", total * 6 // 10 + 1, HIT),
        case("fen_under", total * 6 // 10 - 1, ""),
    ]


def no_labour(lines: Lines) -> list[Case]:
    """Nobody can work, and the projection is under a limit that the document does not give."""
    nobody = {HEAD: "丧失劳动力", WIFE: "无劳动力", DAUGHTER: "无劳动力", SON: "无劳动力"}
    limit = 1_800_000
    nine = _nine(limit)

    def case(label: str, total: int, status: str, labour: dict[int, str]) -> Case:
        return Case(
            f"labour.{label}",
            LABOUR,
            nine_months=total,
            transfer_of_nine=total,
            labour=labour,
            copies=4,
            when=("household.low_income_limit", yuan(limit), status),
            note="限值未给出时整条规则不计算",
        )

    return [
        case("on_the_limit", nine, "", nobody),
        case("fen_under", nine - 1, HIT, nobody),
        case("half_a_hand", nine - 1, "", {**nobody, WIFE: "弱劳动力或半劳动力"}),
    ]
