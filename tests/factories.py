"""Makes the people, households and accounts that tests are about, and the register's snapshots in the lake.

Every person is invented; identity numbers carry the area code of a test county and running digits.
"""

from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pyarrow as pa

from shouwang.foundation import identity, secrets
from shouwang.intake.models import Batch, BatchState, LakeFile
from shouwang.lake import store
from shouwang.organisation.models import Account
from shouwang.organisation.roles import CityOfficer, CountyOfficer, GridWorker, TownshipClerk
from shouwang.registry.models import Household, Person

LAIYUAN = "130630000000"
YIXIAN = "130633000000"
HENGSHUI = "131100000000"
TAOCHENG = "131102000000"
WUYI = "131122000000"
XUCHANG_COUNTY = "411023000000"
NOW = dt.datetime(2022, 7, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

_running = itertools.count(1)


def identity_number(*, area: str = "130630", born_on: dt.date = dt.date(1965, 2, 3), serial: int | None = None) -> str:
    """A sound 18-character number; another one at each call unless ``serial`` (0 to 999) is given."""
    first_17 = f"{area}{born_on:%Y%m%d}{(next(_running) if serial is None else serial) % 1000:03d}"
    return first_17 + identity.check_character(first_17)


def make_account(
    *, name: str, role: str, region_code: str, login: str = "", password: str | None = "a long test password"
) -> Account:
    login = login or f"account{next(_running)}"
    return Account.objects.create_account(login=login, password=password, name=name, role=role, region_code=region_code)


def grid_worker_zhao(region_code: str) -> Account:
    return make_account(name="网格员赵", role=GridWorker.code, region_code=region_code)


def township_clerk_qian(region_code: str) -> Account:
    return make_account(name="乡镇钱", role=TownshipClerk.code, region_code=region_code)


def county_officer_sun(region_code: str = LAIYUAN) -> Account:
    return make_account(name="县中心孙", role=CountyOfficer.code, region_code=region_code)


def neighbour_li(region_code: str = YIXIAN) -> Account:
    """An officer of the next county, who must see nothing of ours."""
    return make_account(name="邻县李", role=CountyOfficer.code, region_code=region_code)


def city_officer_zhou(region_code: str = HENGSHUI) -> Account:
    return make_account(name="市局周", role=CityOfficer.code, region_code=region_code)


def make_batch(
    *, purpose: str = "registry", dataset: str = "person", region_code: str = LAIYUAN, period: str = "2022-05"
) -> Batch:
    """A batch in force, as an import leaves it behind."""
    return Batch.objects.create(
        purpose=purpose,
        dataset=dataset,
        region_code=region_code,
        period=period,
        file_name="test.xlsx",
        file_hash=f"{next(_running):064d}",
        file_size=1,
        state=BatchState.APPLIED,
        received_at=NOW,
        applied_at=NOW,
    )


def make_household(*, region_code: str = "130630100201", head_name: str = "张三", household_no: str = "") -> Household:
    return Household.objects.create(
        region_code=region_code,
        period="2022-05",
        digest="",
        household_no=household_no or f"{region_code[:6]}{next(_running):010d}",
        head_name=head_name,
        household_type="脱贫户",
    )


def make_person(
    *,
    household: Household,
    name: str,
    number: str = "",
    born_on: dt.date | None = None,
    relation: str = "户主",
    person_no: str = "",
) -> Person:
    """A registered person. Birth date and sex follow from ``number``; an empty number is one that the register lacks."""
    parsed = identity.parse(number) if number else None
    return Person.objects.create(
        region_code=household.region_code,
        period="2022-05",
        digest="",
        person_no=person_no or f"{household.household_no}{next(_running):04d}",
        household=household,
        name=name,
        sex=parsed.sex if parsed else "",
        born_on=born_on or (parsed.born_on if parsed else None),
        relation=relation,
        identity_index=secrets.load().blind_index(number) if number else "",
    )


def write_snapshot(county_code: str = LAIYUAN, period: str = "2022-05") -> LakeFile:
    """The county's people as the register's import leaves them in the lake for matching (registry_identity)."""
    people = Person.objects.filter(region_code__startswith=county_code[:6], is_withdrawn=False).order_by("id")
    rows = [
        {
            "person_key": person.pk,
            "household_key": person.household_id,
            "region_code": person.region_code,
            "identity_index": person.identity_index or None,
            "name": person.name,
            "born_on": person.born_on,
        }
        for person in people
    ]
    schema = pa.schema(
        [
            ("person_key", pa.int64()),
            ("household_key", pa.int64()),
            ("region_code", pa.string()),
            ("identity_index", pa.string()),
            ("name", pa.string()),
            ("born_on", pa.date32()),
        ]
    )
    batch = make_batch(region_code=county_code, period=period)
    path = store.path_of("registry_identity", county_code, period, f"batch-{batch.pk}")
    digest = store.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    return LakeFile.objects.create(
        batch=batch,
        dataset="registry_identity",
        region_code=county_code,
        period=period,
        path=store.relative(path),
        content_hash=digest,
        row_count=len(rows),
    )
