"""How much each sign speaks for two records being the same person: fixed probabilities, written down with their reasons.

For each level of a comparison ``m`` is the share of true pairs in which it occurs, ``u`` the share of chance pairs. Their
ratio is the evidence. They are stated, not trained: a county has no marked pairs to learn from, a model that changes with
each file could not be explained to an inspector, and the scores only sort candidates — a person decides on every one.
The m values follow the habits of typed lists (a wrong or missing digit, a homophone, day and month exchanged); the u values
follow from arithmetic over a county of some 180,000 people in 250 villages.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """One outcome of a comparison: condition on two records ``_l`` and ``_r``, its probabilities, its words for the reader."""

    condition: str  # SQL; ELSE for what is left
    m: float
    u: float
    reason: str
    by_frequency: bool = False  # u is the frequency of the very value in the register


@dataclass(frozen=True)
class Comparison:
    """A sign and its levels, the strongest first. ``unknown`` is the condition under which it says nothing."""

    name: str
    unknown: str
    levels: tuple[Level, ...]


COMPARISONS = (
    Comparison(
        "identity",
        "identity_index_l IS NULL AND corrected_index_l IS NULL",
        (
            # Somebody else's sound number on the right name is rarer than a wrong name on the right number.
            Level("identity_index_l = identity_index_r", 0.50, 1e-7, "证件号码相同"),
            # One digit wrong or two exchanged; some 30 numbers lie that near, each registered with a chance of 1 in 5,000.
            Level("corrected_index_l = identity_index_r", 0.40, 1e-7, "号码改正一位或对调相邻两位后与档案一致"),
            Level("ELSE", 0.10, 1.0, "号码与档案不同"),
        ),
    ),
    Comparison(
        "name",
        "clean_name_l = '' OR clean_name_r = ''",
        (
            # u is how often the register has this very name: a rare name says much, 张伟 little.
            Level("clean_name_l = clean_name_r", 0.85, 0.0005, "姓名相同", by_frequency=True),
            # Typed by sound: 张/章, 丽/莉. A county has some 40 homophones to a common name.
            Level("pinyin_l = pinyin_r", 0.06, 0.002, "姓名同音"),
            Level("{one_character}", 0.05, 0.01, "姓名差一个字"),
            Level("ELSE", 0.04, 0.98, "姓名不同"),
        ),
    ),
    Comparison(
        "birth",
        "born_on_l IS NULL OR born_on_r IS NULL",
        (
            # 70 years of birthdays: 1 in 25,000, with ages unevenly filled 1 in 20,000.
            Level("born_on_l = born_on_r", 0.85, 0.00005, "出生日期相同"),
            # One part typed wrong, or month and day exchanged: 31 + 12 + 70 neighbours and one exchange among 25,000 days.
            Level("{near_birth}", 0.08, 0.005, "出生日期相近（年、月、日只差一项，或月日对调）"),
            Level("year(born_on_l) = year(born_on_r)", 0.03, 0.015, "出生年份相同"),
            Level("ELSE", 0.04, 0.98, "出生日期不同"),
        ),
    ),
    Comparison(
        "place",
        "place_l = '' OR village_r = ''",
        (
            # 250 villages; one in five lists gives the place of the school, the hospital or the former home instead.
            Level("contains(place_l, village_r)", 0.75, 0.006, "同村"),
            Level("township_r <> '' AND contains(place_l, township_r)", 0.15, 0.06, "同乡镇"),
            Level("ELSE", 0.10, 0.93, "住址不同"),
        ),
    ),
)

# Of a hundred rows whose number is unsound or whose name differs, ninety speak of somebody in the register.
SHARE_OF_MEMBERS = 0.9

# Pairs below this probability are no candidates; of those above it the best few are shown.
LEAST_PROBABILITY = 0.001
MOST_CANDIDATES = 5
