"""The datasets that departments send, one file each; this list is all there is."""

from __future__ import annotations

from shouwang.foundation.errors import UserError

from ..dataset import Dataset
from . import (
    accident,
    asset_hint,
    benefit_payment,
    disability,
    disaster_loss,
    employment,
    enrolment,
    housing_safety,
    major_disease,
    medical_insurance,
    medical_settlement,
    monthly_income,
    population_change,
    produce_price,
    schooling_cost,
    social_assistance,
    water_outage,
)

DATASETS: dict[str, Dataset] = {
    module.DATASET.code: module.DATASET
    for module in (
        medical_settlement,
        major_disease,
        medical_insurance,
        disability,
        social_assistance,
        enrolment,
        schooling_cost,
        employment,
        housing_safety,
        water_outage,
        disaster_loss,
        accident,
        population_change,
        asset_hint,
        benefit_payment,
        monthly_income,
        produce_price,
    )
}


def dataset(name: str) -> Dataset:
    """The dataset of a code or a Chinese label. Raises UserError that lists what there is."""
    for candidate in DATASETS.values():
        if name in (candidate.code, candidate.label):
            return candidate
    known = "、".join(f"{one.code}（{one.label}）" for one in DATASETS.values())
    raise UserError(f"没有名为“{name}”的数据集", next_step=f"可用的数据集：{known}。")
