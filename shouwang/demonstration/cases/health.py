"""Cases of the rules on illness, disability and insurance."""

from __future__ import annotations

from .case import (
    ALLEVIATED,
    DAUGHTER,
    GENERAL,
    HEAD,
    HIT,
    MEMBERS,
    NOT_COMPUTED,
    SON,
    WIFE,
    Case,
    Lines,
    Monitored,
    certified,
    changed,
    diagnosed,
    hinted,
    settled,
    yuan,
)

ILLNESS = "household.major_illness_cost"
DISABILITY = "household.severe_disability_low_income"
INSURANCE = "household.not_insured"
LISTED, CHRONIC, UNLISTED = "食道癌", "高血压", "腰椎间盘突出"


def illness(lines: Lines) -> list[Case]:
    """Own payments from 1 January to the screened day against the warning line; strictly above it counts."""
    watched, general = lines.warning_monitored, lines.warning_general
    known = diagnosed(WIFE, "2021-11-08", LISTED)

    def paid(total: int) -> tuple:
        """In three stays, the last of them on the screened day."""
        parts = (total // 2, total // 5)
        return (
            settled(WIFE, "2022-01-01", parts[0], UNLISTED),
            settled(WIFE, "2022-03-15", parts[1]),
            settled(WIFE, "2022-06-30", total - sum(parts)),
        )

    def case(name: str, total: int, line: int, *, hit: bool = False, **more) -> Case:
        findings = {ILLNESS: HIT} if hit else {}
        events = more.pop("events", (known, *paid(total)))
        return Case(name, ILLNESS, findings, events=events, observed=yuan(total), threshold=yuan(line), **more)

    return [
        case("illness.on_the_line", watched, watched),
        case("illness.fen_above", watched + 1, watched, hit=True, copies=3),
        case("illness.fen_below", watched - 1, watched),
        case("illness.general.on_the_line", general, general, kind=GENERAL),
        case("illness.general.fen_above", general + 1, general, hit=True, kind=GENERAL),
        case("illness.general.fen_below", general - 1, general, kind=GENERAL, copies=1),
        case(
            "illness.monitored_for_illness",
            watched + 1,
            watched,
            hit=True,
            kind=GENERAL,
            monitored=Monitored("突发严重困难户", "因病"),
            has_lead=False,
            note="已因病监测：有发现，不再生成线索",
        ),
        case(
            "illness.monitored_for_schooling",
            watched + 1,
            watched,
            hit=True,
            kind=GENERAL,
            monitored=Monitored("突发严重困难户", "因学"),
            note="监测对象用较低的标准；监测原因不同，仍生成线索",
        ),
        case(
            "illness.cleared_object",
            watched + 1,
            general,
            kind=GENERAL,
            monitored=Monitored("突发严重困难户", "因病", is_cleared=True),
            copies=1,
            note="风险已消除的一般农户用一般标准",
        ),
        case(
            "illness.not_listed",
            watched * 3,
            watched,
            events=(diagnosed(WIFE, "2021-11-08", UNLISTED), *paid(watched * 3)),
        ),
        case("illness.nobody_named_a_disease", watched * 3, watched, events=paid(watched * 3), copies=1),
        case(
            "illness.paid_last_year",
            watched,
            watched,
            events=(known, settled(WIFE, "2021-12-31", watched), settled(WIFE, "2022-01-01", watched)),
            note="去年12月31日的不算",
        ),
        case(
            "illness.chronic",
            watched + 1,
            watched,
            hit=True,
            events=(diagnosed(WIFE, "2016-04-02", CHRONIC), *paid(watched + 1)),
        ),
        case(
            "illness.two_members",
            watched - 1,
            watched,
            events=(
                known,
                *paid(watched - 1),
                diagnosed(HEAD, "2020-05-06", LISTED),
                settled(HEAD, "2022-02-02", watched - 1),
            ),
            copies=1,
            note="按人计算，不按户相加",
        ),
        case(
            "illness.named_by_settlement",
            watched + 1,
            watched,
            hit=True,
            events=(settled(WIFE, "2022-02-10", watched, LISTED), settled(WIFE, "2022-05-10", 1, LISTED)),
            note="病种只出现在结算里",
        ),
        case(
            "illness.refunded",
            watched,
            watched,
            events=(known, settled(WIFE, "2022-02-10", watched + 10_000), settled(WIFE, "2022-04-11", -10_000)),
            copies=1,
            note="退费写负数，冲减后恰在线上",
        ),
        case(
            "illness.with_a_car",
            watched + 1,
            watched,
            hit=True,
            events=(known, *paid(watched + 1), hinted(HEAD, "小汽车", "2021-09-09")),
        ),
    ]


def disability(lines: Lines) -> list[Case]:
    """A certificate of level 1 or 2 in force, and last year's net income per head under the line; strictly under counts."""
    line = MEMBERS * lines.income_line

    def case(name: str, net: int | None, *events, hit: bool = False, **more) -> Case:
        more = {"findings": {DISABILITY: HIT} if hit else {}, "threshold": yuan(lines.income_line), **more}
        if hit:
            more.setdefault("observed", yuan(round((net or 0) / MEMBERS)))
        return Case(name, DISABILITY, last_year=net, events=events, **more)

    second = certified(WIFE, "二级", "2015-04-16")
    return [
        case("disability.fen_below_per_head", line - MEMBERS, second, hit=True, copies=3),
        case("disability.fen_below", line - 1, second, hit=True, note="每人少四分之一分：按整户比较，不先取整"),
        case("disability.on_the_line", line, second, copies=3),
        case("disability.fen_above", line + 1, second),
        case("disability.third_level", line - MEMBERS, certified(WIFE, "三级", "2015-04-16")),
        case(
            "disability.first_level",
            line // 2,
            certified(SON, "一级", "2019-08-22", kind="智力"),
            hit=True,
            kind=GENERAL,
        ),
        case("disability.cancelled", line - MEMBERS, certified(WIFE, "二级", "2015-04-16", cancelled="2022-05-31")),
        case("disability.issued_on_the_day", line - MEMBERS, certified(HEAD, "二级", "2022-06-30"), hit=True, copies=1),
        case(
            "disability.upgraded",
            line - MEMBERS,
            certified(HEAD, "四级", "2016-09-01", cancelled="2022-06-01"),
            certified(HEAD, "一级", "2022-06-01"),
            hit=True,
            copies=1,
        ),
        case(
            "disability.fewer_heads",
            line - MEMBERS,
            certified(SON, "二级", "2018-01-10", kind="听力"),
            changed(WIFE, "死亡", "2022-06-18"),
            note="一人去世后按三人平均，高于标准",
        ),
        case("disability.died", line - MEMBERS, second, changed(WIFE, "死亡", "2022-06-18"), copies=1),
        case(
            "disability.no_income_known", None, second, kind=GENERAL, findings={DISABILITY: NOT_COMPUTED}, threshold=""
        ),
        case(
            "disability.and_illness",
            line - MEMBERS,
            second,
            diagnosed(WIFE, "2021-11-08", LISTED),
            settled(WIFE, "2022-04-20", lines.warning_monitored + 1),
            findings={DISABILITY: HIT, ILLNESS: HIT},
            observed=yuan(lines.income_line - 1),
            note="两条原因，一条线索",
        ),
    ]


def insurance(lines: Lines) -> list[Case]:
    """A record of the year that says 参保."""

    def case(name: str, hit: bool, **more) -> Case:
        return Case(name, INSURANCE, {INSURANCE: HIT} if hit else {}, **more)

    return [
        case("insurance.stated", True, insurance={WIFE: "未参保"}, observed="未参保", copies=3),
        case("insurance.paused", True, insurance={HEAD: "暂停参保"}, observed="暂停参保"),
        case("insurance.no_row", True, insurance={SON: ""}, observed="没有参保记录", copies=3),
        case("insurance.no_row.general", True, insurance={DAUGHTER: ""}, observed="没有参保记录", kind=GENERAL),
        case("insurance.last_year_only", True, insurance={WIFE: "2021"}, observed="没有参保记录"),
        case("insurance.employee", False, insurance={HEAD: "城镇职工"}, copies=3),
        case("insurance.added_in_june", False, insurance={SON: "补缴"}, note="六月的文件补上"),
        case("insurance.died", False, insurance={WIFE: ""}, events=(changed(WIFE, "死亡", "2022-06-18"),)),
        case(
            "insurance.moved_away",
            False,
            insurance={DAUGHTER: ""},
            events=(changed(DAUGHTER, "迁出", "2022-03-03"),),
            kind=ALLEVIATED,
        ),
    ]
