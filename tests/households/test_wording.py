"""Free text of steps and visits carries no number of a person and no name of a disease; what offices write passes."""

from __future__ import annotations

import pytest

from shouwang.casework.procedure import LONG_TEXT, TEXT, Field
from shouwang.foundation.errors import UserError
from shouwang.households import wording
from shouwang.households.registers import values
from shouwang.households.registers.catalogue import BY_CODE

NOTE, PLACE = Field("note", "情况说明", LONG_TEXT), Field("place", "地点", TEXT)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("补贴打到卡6228480012345671上", "银行卡号"),
        ("卡号：123456789012", "银行卡号"),
        ("证号13063019650203\n1235", "证件号码"),
        ("电话138.1234.5678", "电话"),
        ("患乙型肝炎", "病名"),
    ],
)
def test_a_note_with_a_number_or_a_disease_is_sent_back_without_repeating_it(text: str, told: str) -> None:
    fault = wording.faults([NOTE], {"note": text})["note"]

    assert told in fault
    assert text not in fault


@pytest.mark.parametrize(
    "text", ["见线索130630-202207-010123", "结算单号JS20210701000000，个人自付9090元", "户编号4110230000000010"]
)
def test_numbers_of_leads_settlements_and_households_may_be_written(text: str) -> None:
    assert wording.faults([NOTE], {"note": text}) == {}


def test_free_text_of_a_register_is_sent_back_before_it_stops_the_whole_list() -> None:
    fund = BY_CODE["assistance_fund"]
    reason = next(column for column in fund.columns if column.heading == "申请理由")

    assert values.kept(reason, "因病支出大，没有劳动力") == "因病支出大，没有劳动力"
    for text in ("患胃癌", "打到6228480012345671", "电话13812345678"):
        with pytest.raises(UserError, match="“申请理由”不要写") as refused:
            values.kept(reason, text)
        assert text not in str(refused.value)


def test_a_short_field_takes_the_offices_telephone_and_no_card_or_identity_number() -> None:
    assert wording.faults([PLACE], {"place": "0312-7321000"}) == {}
    assert set(wording.faults([PLACE], {"place": "130630196502031235"})) == {"place"}
    assert set(wording.faults([PLACE], {"place": "6228480012345671"})) == {"place"}
