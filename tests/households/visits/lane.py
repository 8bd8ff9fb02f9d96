"""A village with a few households, the people who walk its lanes, and what their phones send."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from shouwang import policy
from shouwang.foundation import secrets
from shouwang.households.models import Device
from shouwang.households.visits import campaign_sums, campaigns, coverage, devices, receiving
from shouwang.households.visits.receiving import Result
from shouwang.organisation.models import Account
from shouwang.organisation.roles import GridWorker, ResidentCadre
from shouwang.organisation.scope import Scope
from shouwang.regions import kept_sums
from shouwang.registry.models import Household, Person
from tests import factories

VILLAGE, NEXT_VILLAGE = "130630100201", "130630100202"
TODAY = dt.date(2022, 7, 18)
NOW = dt.datetime(2022, 7, 18, 19, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass
class Lane:
    """网格员赵 and 驻村干部吴 of one village, each with a phone."""

    village: str = VILLAGE
    today: dt.date = TODAY
    now: dt.datetime = NOW
    accounts: dict[str, Account] = field(default_factory=dict)
    phones: dict[str, Device] = field(default_factory=dict)
    homes: dict[str, Household] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._phone("赵", GridWorker.code)
        self._phone("吴", ResidentCadre.code)

    def _phone(self, name: str, role: str) -> None:
        account = factories.make_account(name=name, role=role, region_code=self.village)
        self.accounts[name] = account
        registered = dt.datetime(2022, 5, 1, tzinfo=NOW.tzinfo)
        self.phones[name] = devices.register(code=uuid.uuid4(), label=f"{name}的手机", by=account, now=registered)

    def home(self, name: str = "甲建国", region_code: str = "", **columns: str) -> Household:
        home = factories.make_household(region_code=region_code or self.village, head_name=name)
        home.columns = columns
        home.registered_size = 1
        home.save()
        self.member(home, name)
        self.homes[name] = home
        return home

    def member(self, home: Household, name: str, relation: str = "户主") -> Person:
        number = factories.identity_number()
        person = factories.make_person(household=home, name=name, number=number, relation=relation)
        person.secrets = secrets.load().encrypt_values({"证件号码": number, "成员联系电话": "13800001234"})
        person.save()
        return person

    def send(self, *records: dict[str, Any], by: str = "赵", now: dt.datetime | None = None) -> list[Result]:
        return receiving.take(
            records=list(records),
            by=self.accounts[by],
            device=self.phones[by],
            now=now or self.now,
            today=self.today,
            policies=policy.load(),
        )

    def one(self, record: dict[str, Any], by: str = "赵", now: dt.datetime | None = None) -> Result:
        return self.send(record, by=by, now=now)[0]


def record(kind: str, home: Household | None = None, **more: Any) -> dict[str, Any]:
    """What a phone makes: a new id, the moment, the day."""
    made = {"id": str(uuid.uuid4()), "kind": kind, "made_at": NOW.isoformat(), "on": TODAY.isoformat()}
    return made | ({"household_no": home.household_no} if home else {}) | more


def confirmed(home: Household, **more: Any) -> dict[str, Any]:
    return record("confirmation", home, **more)


def visited(home: Household, data: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return record("visit", home, data=data or {}, **more)


def progress(*, running: campaigns.Running, county: str, scope: Scope, today: dt.date) -> campaigns.Progress:
    """How far a campaign is, household by household; what is kept by township has to be the same."""
    found = campaigns.progress(running=running, county=county, scope=scope, today=today)
    for _ in range(2):
        kept = campaign_sums.of_county(running=running, county=county, scope=scope)
        assert kept.townships == coverage.rolled_up(found.villages.values(), 9)
        told = (kept.focus, kept.low_income, kept.low_income_why)
        assert told == (found.focus, found.low_income, found.low_income_why)
        assert kept.standings == {code: found.count(code) for code in campaigns.STANDINGS if found.count(code)}
        kept_sums.renew(campaign_sums.PROGRESS, ranges=scope.ranges, key=campaign_sums.key_of(running, county))
    return found
