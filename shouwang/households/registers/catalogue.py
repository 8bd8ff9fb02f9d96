"""Every register, in the order in which pages list them: an explicit list, nothing is discovered."""

from __future__ import annotations

from .declaration import Register
from .declared import (
    assistance_fund,
    distributions,
    education_aid,
    employment_subsidies,
    farm_supplies,
    health_help,
    helpers,
    house_works,
    insurance_claims,
    insurance_schemes,
    labour,
    leading_links,
    loans,
    new_insured,
    points,
    post_holders,
    prevention_fund,
    project_beneficiaries,
    public_posts,
    referrals,
    shares,
    trainings,
    unsold_produce,
    village_pairings,
    village_rules,
    water_points,
    water_shortages,
    workshops,
)

REGISTERS: tuple[Register, ...] = tuple(
    module.REGISTER
    for module in (
        labour,
        public_posts,
        post_holders,
        workshops,
        trainings,
        employment_subsidies,
        project_beneficiaries,
        leading_links,
        farm_supplies,
        unsold_produce,
        shares,
        distributions,
        helpers,
        village_pairings,
        prevention_fund,
        insurance_schemes,
        insurance_claims,
        loans,
        health_help,
        new_insured,
        education_aid,
        house_works,
        water_points,
        water_shortages,
        referrals,
        assistance_fund,
        points,
        village_rules,
    )
)
BY_CODE: dict[str, Register] = {register.code: register for register in REGISTERS}
