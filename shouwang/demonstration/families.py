"""Who lives together: households of a northern village with ages, sexes and relations that fit one another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import calibration, names
from .numbers import identity_numbers
from .places import Places
from .streams import Array, Streams, draw

# 与户主关系, as the national system writes it; the numbers are places in this list.
RELATIONS = (
    "户主", "配偶", "之子", "之女", "之儿媳", "之孙子", "之孙女", "之父", "之母", "之兄弟姐妹", "之岳父", "之岳母", "其他",
)  # fmt: skip
HEAD, SPOUSE, SON, DAUGHTER, DAUGHTER_IN_LAW, GRANDSON, GRANDDAUGHTER, FATHER, MOTHER, SIBLING = range(10)


@dataclass(frozen=True)
class _Kind:
    """A kind of household: its share, the head, and how likely everyone else is there.

    ``children`` are weights of 0, 1, 2, 3 children living at home. ``grown``: the son is married and his children live here too.
    """

    share: float
    head_age: tuple[int, int, int]  # youngest, most common, oldest
    head_male: float
    spouse: float = 0.0
    children: tuple[float, ...] = (1.0,)
    grown: float = 0.0  # son with his wife and children
    single_son: float = 0.0
    grandchildren: tuple[float, ...] = (1.0,)
    father: float = 0.0
    mother: float = 0.0
    sibling: float = 0.0


# Calibrated to 3.0 people a household, some 24 % aged 60 and more, some 19 % under 15 [G: rural Hebei, census of 2020, rounded].
_KINDS = (
    _Kind(0.085, (60, 70, 90), 0.55),
    _Kind(0.040, (30, 48, 59), 0.85, mother=0.15, sibling=0.05),
    _Kind(0.140, (60, 68, 86), 0.93, spouse=1.0),
    _Kind(0.130, (45, 53, 60), 0.95, spouse=1.0, children=(0.62, 0.33, 0.05)),
    _Kind(0.310, (25, 38, 52), 0.93, spouse=1.0, children=(0.03, 0.37, 0.50, 0.10)),
    _Kind(0.095, (27, 41, 54), 0.94, spouse=0.97, children=(0.05, 0.40, 0.47, 0.08), father=0.48, mother=0.74),
    _Kind(0.110, (50, 61, 78), 0.90, spouse=0.76, grown=1.0, grandchildren=(0.12, 0.43, 0.40, 0.05)),
    _Kind(0.045, (56, 66, 84), 0.80, spouse=0.55, single_son=1.0),
    _Kind(0.015, (56, 65, 76), 0.75, spouse=0.72, grandchildren=(0.0, 0.7, 0.3)),
    _Kind(0.030, (30, 42, 54), 0.55, children=(0.0, 0.66, 0.34), mother=0.25),
)
CASE_AGES = (40, 38, 12, 9)  # the head, his wife, a daughter and a son: the household in which a rule's case is set


@dataclass
class Persons:
    """People as arrays of equal length, household by household, the head first."""

    household: Array  # index of the household
    order: Array  # 1 for the head, 2, 3 …
    relation: Array  # place in RELATIONS
    is_male: Array
    born_on: Array  # datetime64[D]
    name: Array
    identity: Array  # 18 characters

    def __len__(self) -> int:
        return len(self.household)

    @cached_property
    def age(self) -> Array:
        """Complete years on the screened day."""
        return age_on(self.born_on, np.datetime64(calibration.AS_OF))

    @property
    def birth_year(self) -> Array:
        return self.born_on.astype("datetime64[Y]").astype(np.int64) + 1970


def age_on(born_on: Array, day: np.datetime64) -> Array:
    """Complete years of age on a day; who is born on 29 February grows older on 1 March."""
    birth_month, month = born_on.astype("datetime64[M]"), day.astype("datetime64[M]")
    day_of_birth = (born_on - birth_month).astype(np.int64)
    months = (month - birth_month).astype(np.int64) - (
        day_of_birth > (day - month.astype("datetime64[D]")).astype(np.int64)
    )
    return months // 12


def settle(
    places: Places, village: Array, is_case: Array, born: Mapping[tuple[int, int], dt.date], streams: Streams
) -> Persons:
    """The members of every household.

    ``is_case``: households in which a case will be set, all of the same plain shape; ``born``: birthdays that a case asks
    for, by household and member.
    """
    chance = streams[f"families {places.county_code}"]
    size = len(village)
    kind = draw(chance, [one.share for one in _KINDS], size)
    slots: list[tuple[Array, Array, Array, Array]] = []  # relation, present, years old (with fraction), is male

    def field(name: str) -> Array:
        return np.array([getattr(one, name) for one in _KINDS], dtype=float)[kind]

    def happens(name: str) -> Array:
        return chance.random(size) < field(name)

    def how_many(name: str) -> Array:
        steps = np.array([np.cumsum([*getattr(one, name), 0, 0, 0][:4]) for one in _KINDS])
        return (chance.random(size)[:, None] >= (steps / steps[:, -1:])[kind]).sum(axis=1)

    low, common, high = (np.array([one.head_age[place] for one in _KINDS], dtype=float)[kind] for place in range(3))
    head_age = chance.triangular(low, common, high)
    head_male = happens("head_male")
    add = lambda relation, present, age, male: slots.append(  # noqa: E731
        (np.broadcast_to(relation, size), present & (age > 0) & (age < 101), age, np.broadcast_to(male, size))
    )
    add(HEAD, np.ones(size, dtype=bool), head_age, head_male)
    spouse_age = np.maximum(20.5, head_age + np.where(head_male, -1, 1) * chance.normal(1.6, 2.2, size))
    add(SPOUSE, happens("spouse"), spouse_age, ~head_male)

    mother_age = np.where(head_male, spouse_age, head_age)
    children = how_many("children")
    child_age = mother_age - np.clip(chance.normal(25.0, 3.2, size), 19, 36)
    for number in range(3):
        male = chance.random(size) < 0.525
        # grown children have left, except the few who have not married yet
        at_home = (child_age < 23) | ((child_age < 32) & (chance.random(size) < 0.35))
        add(np.where(male, SON, DAUGHTER), (children > number) & at_home, child_age, male)
        child_age = child_age - np.clip(chance.gamma(4.0, 1.1, size), 1.2, 14)

    has_family, alone = happens("grown"), happens("single_son")
    son_age = np.clip(mother_age - np.clip(chance.normal(25.0, 3.0, size), 19, 38), 22.5, 58)
    add(SON, has_family | alone, son_age, True)
    wife_age = np.maximum(21.0, son_age - chance.normal(1.4, 2.0, size))
    add(DAUGHTER_IN_LAW, has_family & (chance.random(size) < 0.93), wife_age, False)
    grandchildren = how_many("grandchildren")
    grandchild_age = wife_age - np.clip(chance.normal(25.0, 2.8, size), 19.5, 36)
    grandchild_age = np.where(has_family, grandchild_age, chance.uniform(2, 17, size))
    for number in range(3):
        male = chance.random(size) < 0.525
        here = (grandchildren > number) & (grandchild_age < 22)
        add(np.where(male, GRANDSON, GRANDDAUGHTER), here, grandchild_age, male)
        grandchild_age = grandchild_age - np.clip(chance.gamma(4.0, 1.0, size), 1.2, 12)

    add(FATHER, happens("father"), np.minimum(head_age + np.clip(chance.normal(26, 3.5, size), 18, 45), 93), True)
    add(MOTHER, happens("mother"), np.minimum(head_age + np.clip(chance.normal(24.5, 3.2, size), 17, 42), 94), False)
    add(SIBLING, happens("sibling"), np.maximum(16.5, head_age - chance.normal(3, 2, size)), chance.random(size) < 0.8)

    relation, present, age, male = (np.stack([slot[part] for slot in slots], axis=1) for part in range(4))
    _set_cases(is_case, relation, present, age, male, chance)
    return _listed(places, village, relation, present, age, male, born, streams)


def _set_cases(
    is_case: Array, relation: Array, present: Array, age: Array, male: Array, chance: np.random.Generator
) -> None:
    """Cases are set in households of one plain shape: a couple with a daughter and a son of school age."""
    rows = np.flatnonzero(is_case)
    present[rows] = False
    shape = ((HEAD, True), (SPOUSE, False), (DAUGHTER, False), (SON, True))
    for slot, ((what, is_man), years) in enumerate(zip(shape, CASE_AGES, strict=True)):
        present[rows, slot] = True
        relation[rows, slot] = what
        male[rows, slot] = is_man
        age[rows, slot] = years + chance.uniform(0.2, 0.8, len(rows))


def _listed(
    places: Places,
    village: Array,
    relation: Array,
    present: Array,
    age: Array,
    male: Array,
    born: Mapping[tuple[int, int], dt.date],
    streams: Streams,
) -> Persons:
    chance = streams[f"persons {places.county_code}"]
    household, slot = np.nonzero(present)
    first = np.concatenate([[0], np.cumsum(present.sum(axis=1))[:-1]])
    order = np.arange(len(household)) - first[household] + 1
    days = np.maximum(1, np.round(age[household, slot] * 365.2425)).astype(np.int64)
    born_on = np.datetime64(calibration.AS_OF) - days.astype("timedelta64[D]")
    for (of_household, member), day in born.items():
        born_on[first[of_household] + member] = np.datetime64(day)
    person_relation, is_male = relation[household, slot], male[household, slot].astype(np.int64)
    persons = Persons(household, order, person_relation, is_male, born_on, np.array([]), np.array([]))
    family = names.village_surnames(chance, village)
    from_elsewhere = np.isin(person_relation, (SPOUSE, DAUGHTER_IN_LAW, MOTHER))
    surname = np.where(from_elsewhere, names.surnames(chance, len(persons)), family[household])
    persons.name = np.char.add(surname, names.given_names(chance, persons.birth_year, is_male))
    prefix = _prefixes(places, persons, from_elsewhere, chance)
    after = 0 if places.county_code == calibration.COUNTY else _SERIALS_OF_THE_MAIN_COUNTY
    persons.identity = identity_numbers(prefix, born_on, is_male, after=after)
    return persons


# Area codes of neighbouring counties from which people marry in, and the county's own code until 1994.
_ELSEWHERE = (130633, 130624, 130627, 130623, 130726, 140223)
_BEFORE_1994 = {"130630": 132424, "130633": 132421}
_MARRIED_IN, _OLD_CODE = 0.10, 0.015
# People of both counties may carry the same area code; the main county takes the first serials of a day, the other the next.
_SERIALS_OF_THE_MAIN_COUNTY = 25


def _prefixes(places: Places, persons: Persons, from_elsewhere: Array, chance: np.random.Generator) -> Array:
    own = places.county_code[:6]
    prefix = np.full(len(persons), int(own), dtype=np.int64)
    other = np.array(_ELSEWHERE)[draw(chance, np.ones(len(_ELSEWHERE)), len(persons))]
    prefix = np.where(from_elsewhere & (chance.random(len(persons)) < _MARRIED_IN), other, prefix)
    is_old = (persons.birth_year < 1975) & (chance.random(len(persons)) < _OLD_CODE)
    return np.where(is_old & (own in _BEFORE_1994), _BEFORE_1994.get(own, int(own)), prefix)
