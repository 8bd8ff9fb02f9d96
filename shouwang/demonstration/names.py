"""Names as people of a north Chinese county bear them, by surname frequency and by the fashion of their years of birth.

Every name is put together by chance from common characters; nobody is meant. Frequencies are rough [G].
"""

from __future__ import annotations

import numpy as np

from .streams import Array, draw

# Hebei's commonest surnames with rough shares in per mille [G]; what is left over is spread over the rest.
_SURNAMES = {
    "王": 98, "张": 94, "李": 92, "刘": 78, "赵": 46, "杨": 34, "陈": 29, "高": 25, "孙": 25, "马": 24, "郭": 19, "杜": 12,
    "宋": 15, "崔": 13, "韩": 15, "田": 12, "贾": 11, "董": 12, "魏": 11, "梁": 10, "安": 7, "任": 8, "周": 12, "吴": 13,
    "徐": 11, "胡": 8, "郑": 8, "冯": 10, "于": 7, "石": 8, "史": 7, "薛": 5, "白": 6, "康": 5, "苏": 6, "孟": 6, "谷": 4,
    "许": 6, "范": 5, "段": 5, "侯": 5, "郝": 6, "齐": 5, "尹": 4, "常": 4, "曹": 6, "付": 5, "武": 4, "彭": 3, "卢": 4,
    "霍": 3, "邢": 4, "庞": 3, "甄": 3, "耿": 4, "邸": 2, "仝": 1, "门": 2, "芦": 2, "蔡": 4, "谢": 4, "秦": 4, "闫": 6,
}  # fmt: skip

# Per era (first year of birth) and sex: first characters, second characters, names of one character.
_FASHIONS: tuple[tuple[int, tuple[str, str, str], tuple[str, str, str]], ...] = (
    (
        0,
        ("德福金银玉树振文永春凤长连进正万庆云兴国", "贵山海林生才祥田发明义和顺成仁堂礼泉有合", "福禄贵顺山林"),
        ("桂秀玉淑凤兰金素春瑞荣香玲翠喜巧", "英兰珍芝花荣梅琴莲香芬娥云枝凤姐", "英兰珍梅"),
    ),
    (
        1950,
        ("建国志永文卫红爱新学宝占双海福树胜庆增保", "国军民华强生明山林平义东成来忠喜才春田友", "军强明勇平刚"),
        ("秀淑桂凤玉金春爱素俊翠建红艳文瑞兰国", "英兰珍芳荣梅琴华霞云花芝玲敏平娥芬红", "英兰芳梅玲敏"),
    ),
    (
        1970,
        ("建志海永俊晓宏文立国永卫占振学彦红新克春", "军强伟刚峰涛杰东辉波飞龙明华勇斌平利民超", "伟强军勇磊涛刚辉波超斌峰"),
        ("丽艳晓海春红秀俊雪亚文会爱小素彦志", "霞丽红娟燕芳敏静艳华玲英平梅萍娜杰云", "丽静敏艳燕娜芳娟霞颖"),
    ),
    (
        1990,
        ("浩志晓佳子鹏宇文俊天海少泽云家立明嘉", "杰飞宇龙鹏涛博亮凯阳轩浩帅坤旭强辉超康", "帅浩鹏凯宇龙博旭阳超"),
        ("雨佳晓梦思文雪子欣亚静婷嘉丽梓怡", "婷雪萌怡颖佳琪洁倩雅楠瑶玲静慧月蕊", "婷雪洁倩颖莹悦楠"),
    ),
    (
        2008,
        ("子梓浩宇一俊泽奕博嘉明天家铭雨睿思", "轩涵宸泽浩然豪睿博阳辰宇航琪哲昊霖佑", "睿轩昊泽"),
        ("梓子雨欣诗佳一若可思语依紫嘉雅梦", "涵萱怡彤妍琪瑶桐菲宁宸萌雅晨汐诺", "彤瑶菲妍"),
    ),
)  # fmt: skip
_SINGLE_SHARE = (0.04, 0.10, 0.22, 0.20, 0.06)

SURNAMES = np.array(list(_SURNAMES))
_WEIGHTS = np.array(list(_SURNAMES.values()), dtype=float)
_OF_THE_VILLAGE = 0.38  # how many families of a village share its leading surname [G]


def surnames(chance: np.random.Generator, size: int) -> Array:
    """Surnames of people who come from anywhere."""
    return SURNAMES[draw(chance, _WEIGHTS, size)]


def village_surnames(chance: np.random.Generator, village: Array) -> Array:
    """Surnames of families, given the number of their village: each village has one that leads."""
    leading = SURNAMES[draw(chance, _WEIGHTS, int(village.max()) + 1 if len(village) else 0)]
    is_leading = chance.random(len(village)) < _OF_THE_VILLAGE
    return np.where(is_leading, leading[village] if len(village) else leading, surnames(chance, len(village)))


def given_names(chance: np.random.Generator, birth_year: Array, is_male: Array) -> Array:
    """Given names of one or two characters after the fashion of the year of birth."""
    size = len(birth_year)
    first, second, single = chance.random(size), chance.random(size), chance.random(size)
    name = np.full(size, "", dtype="<U2")
    era = np.searchsorted([fashion[0] for fashion in _FASHIONS], birth_year, side="right") - 1
    for number, (_, male, female) in enumerate(_FASHIONS):
        for sex, (firsts, seconds, singles) in ((True, male), (False, female)):
            here = np.flatnonzero((era == number) & (is_male.astype(bool) == sex))
            one = np.array(list(singles))[(second[here] * len(singles)).astype(int)]
            # common characters first: squaring leans towards the beginning of the lists
            two = np.char.add(
                np.array(list(firsts))[(first[here] ** 1.4 * len(firsts)).astype(int)],
                np.array(list(seconds))[(second[here] ** 1.4 * len(seconds)).astype(int)],
            )
            name[here] = np.where(single[here] < _SINGLE_SHARE[number], one, two)
    return name


# Characters that clerks mistake for one another: the same sound or nearly the same look.
_MISTAKEN = {
    "英": "瑛", "兰": "蓝", "珍": "贞", "芳": "方", "荣": "容", "梅": "玫", "华": "花", "霞": "侠", "云": "芸", "玲": "铃",
    "敏": "民", "军": "君", "国": "固", "强": "墙", "生": "升", "明": "名", "平": "萍", "林": "琳", "山": "三", "海": "每",
    "伟": "玮", "刚": "钢", "涛": "滔", "辉": "晖", "波": "坡", "峰": "锋", "杰": "洁", "龙": "尤", "飞": "非", "宇": "字",
    "轩": "宣", "涵": "函", "泽": "择", "浩": "皓", "静": "净", "艳": "燕", "丽": "俐", "红": "洪", "娟": "涓", "娜": "那",
    "秀": "绣", "淑": "叔", "桂": "贵", "凤": "风", "玉": "王", "春": "椿", "文": "闻", "志": "智", "建": "健", "永": "勇",
}  # fmt: skip


def mistaken(name: str) -> str:
    """The name with one character mistaken for another; a name without such a character loses or gains a stroke of its own."""
    for place in range(len(name) - 1, 0, -1):
        if name[place] in _MISTAKEN:
            return name[:place] + _MISTAKEN[name[place]] + name[place + 1 :]
    return name + "小" if len(name) == 2 else name[:2]
