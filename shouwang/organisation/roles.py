"""What each kind of person may do, one readable class each."""

SEE_HOUSEHOLDS = "households.see"
UNMASK = "persons.unmask"
IMPORT_REGISTRY = "registry.import"
IMPORT_FEEDS = "feeds.import"
DECIDE_MATCHES = "feeds.decide"
RUN_SCREENING = "screening.run"
SEE_LEADS = "leads.see"
EXPORT = "leads.export"
SEE_POLICIES = "policies.see"


class Role:
    """A role: a code, a name, what its people may do. Which households they see follows from their region alone."""

    code: str = ""
    label: str = ""
    permissions: frozenset[str] = frozenset()


class CountyOfficer(Role):
    """县防贫中心数据员: receives the departments' files, keeps the register in step with the national system, runs the
    screening and answers for the leads of the county. May see identity numbers unmasked, each time with a reason."""

    code = "county_officer"
    label = "县级数据员"
    permissions = frozenset(
        {
            SEE_HOUSEHOLDS,
            UNMASK,
            IMPORT_REGISTRY,
            IMPORT_FEEDS,
            DECIDE_MATCHES,
            RUN_SCREENING,
            SEE_LEADS,
            EXPORT,
            SEE_POLICIES,
        }
    )


class TownshipClerk(Role):
    """乡镇防贫工作站工作人员: follows the leads of the township and exports its lists. Sees numbers masked; may unmask
    with a reason, because the township answers queries from families."""

    code = "township_clerk"
    label = "乡镇工作人员"
    permissions = frozenset({SEE_HOUSEHOLDS, UNMASK, SEE_LEADS, EXPORT, SEE_POLICIES})


class GridWorker(Role):
    """村网格员: sees the households and leads of the own village, always masked; exports nothing."""

    code = "grid_worker"
    label = "村级网格员"
    permissions = frozenset({SEE_HOUSEHOLDS, SEE_LEADS, SEE_POLICIES})


class Supervisor(Role):
    """市级、省级督导: sees figures, leads and households of the region, masked; runs and imports nothing."""

    code = "supervisor"
    label = "督导人员"
    permissions = frozenset({SEE_HOUSEHOLDS, SEE_LEADS, SEE_POLICIES})


class CityOfficer(Role):
    """市乡村振兴局数据员: receives the province's warning files for several counties and pushes them down the same day;
    decides whom a row means that fits people of several counties; sees leads and figures of the city."""

    code = "city_officer"
    label = "市级数据员"
    permissions = frozenset(
        {SEE_HOUSEHOLDS, IMPORT_FEEDS, DECIDE_MATCHES, RUN_SCREENING, SEE_LEADS, EXPORT, SEE_POLICIES}
    )


ROLES: tuple[type[Role], ...] = (CountyOfficer, TownshipClerk, GridWorker, CityOfficer, Supervisor)
