"""One sample of every paper, about invented people of Laiyuan, for tests that open the finished files."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from shouwang.foundation import identity
from shouwang.reporting import drafts
from shouwang.reporting.drafts import Contact, Matter
from shouwang.reporting.papers import Column, Paper, Table

D = dt.date
AFTERNOON = dt.datetime(2022, 7, 9, 15, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
OFFICE = Contact("南关乡防贫工作站", "0312-7321000")
LEADING_GROUP = "涞源县巩固拓展脱贫攻坚成果领导小组"
RISKS = (["因病"], ["因残", "缺劳动力"], ["因自然灾害（洪涝）"])
CATEGORIES = ("脱贫不稳定户", "边缘易致贫户", "突发严重困难户")
NAMES = ("张建国", "李四", "欧阳修文", "王秀兰", "赵铁柱")


def identity_number(serial: int) -> str:
    first_17 = f"13063019650203{serial:03d}"
    return first_17 + identity.check_character(first_17)


def noticed(count: int = 3) -> list[drafts.NoticedHousehold]:
    return [
        drafts.NoticedHousehold(
            NAMES[n % 5], f"东关村{'一二三四五'[n % 5]}组", 2 + n % 4, CATEGORIES[n % 3], RISKS[n % 3]
        )
        for n in range(count)
    ]


def public_notice(**changes) -> Paper:
    values = {
        "matter": Matter.INCLUSION,
        "village": "东关村",
        "households": noticed(),
        "from_on": D(2022, 7, 10),
        "until_on": D(2022, 7, 15),
        "contacts": [Contact("东关村村民委员会", "13930200001"), OFFICE],
        "unit": "南关乡东关村村民委员会",
        "signed_on": D(2022, 7, 10),
    }
    return drafts.public_notice(drafts.PublicNotice(**{**values, **changes}))


def announcement() -> Paper:
    return drafts.announcement(
        drafts.Announcement(
            Matter.INCLUSION,
            "东关村",
            noticed(),
            D(2022, 7, 18),
            [OFFICE],
            "南关乡人民政府",
            D(2022, 7, 18),
            "涞巩固拓展〔2022〕12号",
        )
    )


def household_file() -> Paper:
    number = identity_number(2)
    return drafts.household_file(
        drafts.HouseholdFile(
            head_name="张建国",
            household_no="1306300000000012",
            place="涞源县南关乡东关村三组",
            household_type="脱贫户",
            category="脱贫不稳定户",
            identified_on=D(2022, 7, 18),
            risks=["因病", "缺劳动力"],
            size=3,
            members=[
                drafts.Member("张建国", "户主", 57, number, "弱劳动力或半劳动力", "", "患有大病"),
                drafts.Member("李秀英", "配偶", 55, identity_number(3), "丧失劳动力", "", "患胃癌"),
                drafts.Member("张小宝", "之子", 16, identity_number(4), "无劳动力", "普通高中一年级", "健康"),
            ],
            incomes=[
                ("工资性收入", "12,000.00元", "2021年"),
                ("生产经营性收入", "3,400.00元", "2021年"),
                ("转移性收入", "4,320.00元", "2021年"),
                ("人均纯收入", "6,120.00元", "2021年"),
                ("推算全年人均纯收入", "未计算（缺2022-04）", "2022-06"),
            ],
            measures=[
                drafts.FileMeasure(
                    "因病",
                    "医疗救助，帮助办理大病保险二次报销",
                    "县医疗保障局",
                    "王主任",
                    D(2022, 8, 1),
                    D(2022, 7, 25),
                    "8,200.00",
                    "已报销",
                ),
                drafts.FileMeasure(
                    "缺劳动力", "安排公益岗位（保洁）", "县人力资源和社会保障局", "李科长", D(2022, 8, 15)
                ),
            ],
            events=[
                drafts.FileEvent(D(2022, 7, 18), "县级确定纳入", "县中心孙"),
                drafts.FileEvent(
                    D(2022, 7, 2), f"入户核实：配偶患胃癌住院，联系电话13812341234，证件{number}", "网格员赵"
                ),
                drafts.FileEvent(D(2022, 7, 1), "医保部门比对发现", "筛查"),
            ],
            unit="南关乡防贫工作站",
            printed_on=D(2022, 7, 28),
            contact="网格员赵",
            support_person="乡镇钱",
            state="已纳入，帮扶中",
            clauses=["冀乡振发〔2022〕14号 措施1①"],
        )
    )


def township_review() -> Paper:
    return drafts.township_review(
        drafts.TownshipReview(
            "南关乡",
            "东关村",
            "张建国",
            "1306300000000012",
            3,
            "脱贫户",
            "脱贫不稳定户",
            ["因病"],
            D(2022, 7, 1),
            D(2022, 7, 16),
            "部门比对（医疗保障局）",
            "6,120.00元（2021年）",
            "7月2日入户，自付医疗费用较大，家庭人均纯收入低于监测标准，风险属实。",
            "7月9日，应到35人，实到31人，同意30票，反对0票，弃权1票。",
            "7月10日至7月15日，无异议。",
        )
    )


def county_decision(count: int = 60) -> Paper:
    households = [
        drafts.DecidedHousehold(
            "南关乡",
            f"东关{n % 7}村",
            NAMES[n % 5],
            f"1306300000{n:06d}",
            1 + n % 5,
            CATEGORIES[n % 3],
            list(RISKS[n % 3]),
        )
        for n in range(count)
    ]
    return drafts.county_decision(
        drafts.CountyDecision(
            Matter.INCLUSION,
            f"{LEADING_GROUP}文件",
            "涞巩固拓展〔2022〕12号",
            "南关乡、水堡镇人民政府",
            households,
            D(2022, 7, 18),
            LEADING_GROUP,
            D(2022, 7, 18),
            follow_up=["在村内公告结果，公告以乡镇名义发布。", "按户制定帮扶计划，逐项落实责任部门和责任人。"],
            copies="县医疗保障局、县民政局、县残疾人联合会。",
        )
    )


def authorisation_letter() -> Paper:
    return drafts.authorisation_letter(
        drafts.AuthorisationLetter(
            "张建国",
            "涞源县南关乡东关村三组",
            [("张建国", "户主"), ("李秀英", "配偶"), ("张小宝", "之子")],
            "涞源县防贫中心",
        )
    )


def review_minutes() -> Paper:
    present = [f"代表{n}" for n in range(1, 32)]
    return drafts.review_minutes(
        drafts.ReviewMinutes(
            "东关村",
            AFTERNOON,
            "村委会会议室",
            "村书记",
            "网格员赵",
            35,
            present,
            ["乡镇钱"],
            [drafts.ReviewedHousehold("张建国", "东关村三组", 3, "拟纳入，脱贫不稳定户", 30, 0, 1)],
            "代表认为该户医疗支出大，情况属实。",
            "同意纳入，进入村内公示。",
        )
    )


def monthly_report() -> Paper:
    day = D(2022, 6, 30)
    figure = drafts.Figure
    return drafts.monthly_report(
        drafts.MonthlyReport(
            "涞源县",
            2022,
            6,
            "县委、县政府",
            [
                drafts.Section(
                    "线索办理",
                    [
                        figure("筛查线索", 1203, "条", day),
                        figure("已核实", 1180, "条", D(2022, 7, 5)),
                        figure("核实率", Decimal("98.1"), "%", D(2022, 7, 5), "1,180÷1,203"),
                        figure("确认有风险", 217, "户", D(2022, 7, 5)),
                    ],
                ),
                drafts.Section(
                    "收入",
                    [
                        figure("推算人均纯收入低于监测标准", None, "户", day, "缺2022-04月度收入，涉及3个村"),
                        figure("脱贫人口人均纯收入", Decimal("13020.55"), "元", D(2021, 12, 31)),
                    ],
                    Table(
                        [Column("乡镇", 1.4), Column("线索", 1, "right"), Column("已核实", 1, "right")],
                        [["南关乡", "203", "203"], ["水堡镇", "1,000", "977"]],
                        "分乡镇情况（数据时间2022-07-05）",
                    ),
                ),
            ],
            "涞源县防贫中心",
            D(2022, 7, 5),
            remarks=["医保部门6月数据于7月3日补送，已重新比对。"],
        )
    )


def supervision_note() -> Paper:
    return drafts.supervision_note(
        drafts.SupervisionNote(
            f"{LEADING_GROUP}办公室",
            "涞巩固拓展办函〔2022〕8号",
            "南关乡人民政府",
            [
                drafts.SupervisedItem("XS130630202207000012", "线索核实", "东关村", D(2022, 7, 16), 2),
                drafts.SupervisedItem("XS130630202207000031", "乡级审核", "南关乡防贫工作站", D(2022, 7, 17), 1),
            ],
            D(2022, 7, 18),
            D(2022, 7, 21),
            "冀乡振发〔2022〕14号第1条，15天",
            "县防贫中心",
            "0312-7322000",
            f"{LEADING_GROUP}办公室",
            D(2022, 7, 18),
            "县委督查室。",
        )
    )


def department_list(count: int = 40) -> Paper:
    rows = [["南关乡", "东关村", NAMES[n % 5], f"1306300000{n:06d}", "因病"] for n in range(count)]
    return drafts.department_list(
        drafts.DepartmentList(
            "核实医疗救助享受情况",
            "县医疗保障局",
            "落实监测对象健康帮扶措施",
            ["乡镇", "村", "户主", "户编号", "风险"],
            rows,
            D(2022, 7, 25),
            "县防贫中心",
            "0312-7322000",
            "涞源县防贫中心",
            D(2022, 7, 18),
            own_numbers=frozenset(row[3] for row in rows),
        )
    )


def door_sheet() -> Paper:
    return drafts.door_sheet(
        drafts.DoorSheet("东关村", "https://fangpin.example.cn/m/7Kq2mXw9", "南关乡防贫工作站", "0312-7321000")
    )


ALL = {
    "public_notice": public_notice,
    "announcement": announcement,
    "household_file": household_file,
    "township_review": township_review,
    "county_decision": county_decision,
    "authorisation_letter": authorisation_letter,
    "review_minutes": review_minutes,
    "monthly_report": monthly_report,
    "supervision_note": supervision_note,
    "department_list": department_list,
    "door_sheet": door_sheet,
}
