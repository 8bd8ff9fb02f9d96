"""Files of the demonstration county through the real register: every row that is not plain ends where the generator says."""

from __future__ import annotations

import pytest

from shouwang.demonstration import county as demonstration
from shouwang.demonstration import truth
from shouwang.feeds import actions
from shouwang.feeds.models import PendingRow
from shouwang.regions import actions as regions
from shouwang.registry import actions as registry
from tests.factories import LAIYUAN, NOW, YIXIAN

from .test_importing import parts_add_up

# One file of each kind of trouble: many rows and bad numbers, wrapped numbers, certificates, householders, several counties.
SENT = {
    "涞源县医疗保障局_医保结算明细_2021-12.csv",
    "涞源县医疗保障局_2022年度基本医疗保险参保人员_2022-03.csv",
    "涞源县残疾人联合会_持证残疾人花名册_2022-06.xlsx",
    "涞源县住房和城乡建设局_农村房屋安全鉴定_2022-06.xlsx",
    "涞源县公安局_户籍变动_2022-06.xlsx",
    "河北省乡村振兴局_省反馈部门预警信息_2022-06.csv",
}


@pytest.fixture
def files(db, tmp_path):
    """A small county and its neighbour, both registered; the departments' files that are still to come."""
    regions.load(counties_in_detail={LAIYUAN, YIXIAN})
    written = demonstration.write_files(tmp_path, scale=0.02)
    for one in written:
        if one.dataset == "person":
            registry.import_file(
                path=one.path, kind=one.dataset, period=one.period, sender=one.sender, by=None, now=NOW
            )
    return [one for one in written if one.path.name in SENT]


def test_every_row_ends_where_it_should(files):
    known = truth.read(files[0].path.parent)
    assert len(files) == len(SENT)
    for one in files:
        outcome = actions.import_file(
            path=one.path,
            dataset=one.dataset,
            region_code=one.region_code,
            period=one.period,
            sender=one.sender,
            by=None,
            now=NOW,
        )
        [file] = known.of("file", file=one.path.name)
        expected = {row["line"]: row["expected"] for row in known.of("row", file=one.path.name)}
        assert outcome.counts["rows"] == file["rows"]
        assert parts_add_up(outcome.counts)
        listed = ends_of(outcome)
        waiting = {line: end for line, end in expected.items() if end not in ("repaired", "repeated", "newcomer")}
        assert listed.keys() == waiting.keys(), one.path.name
        for line, end in listed.items():
            assert end in waiting[line].split(" or "), (one.path.name, line)
        repeated = sum(end == "repeated" for end in expected.values())
        counts = [outcome.counts, *(share.counts for share in outcome.shares)]
        assert sum(one.get("detail", {}).get("repeated", 0) for one in counts) == repeated
        taken = sum(one.get("taken", 0) for one in counts)
        assert taken == file["rows"] - len(waiting) - repeated, one.path.name


def ends_of(outcome) -> dict[int, str]:
    """Line → refused, doubtful, unmatched or other_county, for every row that was not taken."""
    ends = {refusal.row_number: "refused" for refusal in outcome.refusals}
    batches = [outcome.batch, *(share.batch for share in outcome.shares)]
    for row in PendingRow.objects.filter(batch__in=batches):
        ends[row.row_number] = "other_county" if "其他县" in row.reason else row.kind
    return ends
