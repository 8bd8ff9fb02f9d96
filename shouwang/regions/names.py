"""How the names of divisions are shortened for matching, spelled for display and abbreviated to pinyin initials."""

from __future__ import annotations

import re
from functools import lru_cache

from .codes import level_of

# Peoples in the names of autonomous places; the list is closed (56 peoples).
_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|"
    "仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
_ZONE_ENDINGS = "开发区|示范区|管理区|园区|试验区|实验区|聚集区|集聚区|产业区|名胜区|新区|新城|矿区|工业园|管委会"
# What a village committee is called, with the slips of the pen that occur in published lists.
_COMMITTEE = "村民民?委员?会|村民委员[民会]?|村委员?会员?|村民委会"

# Level → patterns that leave the part to match in group 1 (at least two characters, so that 易县 and 新村 stay whole).
_SHORTENED = {
    0: (),
    1: (r"^(.{2,}?)(?:省|市|特别行政区|(?:壮族|回族|维吾尔)?自治区)$",),
    2: (rf"^(.{{2,}}?)(?:(?:(?:{_PEOPLES})族?)*自治州|市|地区|盟)$",),
    3: (rf"^(.{{2,}}?)(?:(?:(?:{_PEOPLES})族?)*自治[县旗]|特区|林区|[县市区旗])$",),
    4: (rf"^(.{{2,}}?)(?:(?:(?:{_PEOPLES})族)+乡|街道办事处|街道办|街道|办事处|镇|乡|苏木)$",),
    5: (
        rf"^(.+?)村?(?:{_COMMITTEE})$",
        r"^(.{2,}?)(?:社区居民委员会|社区居委会|社区村|社区|居民委员会|居委会|行政村|村)$",
    ),
}


@lru_cache(maxsize=8192)
def short_name(name: str, level: int) -> str:
    """涞源县 → 涞源, 涞源镇 → 涞源, 南关村民委员会 → 南关: what is left to match when two sides write a name differently."""
    name = re.sub(r"\s", "", name)
    if level == 3 and re.search(rf"(?:{_ZONE_ENDINGS})$", name):
        return name
    if level == 5:
        name = re.sub(_SHORTENED[5][0], r"\1村", name)
    for pattern in _SHORTENED[level][1 if level == 5 else 0 :]:
        name = re.sub(pattern, r"\1", name)
    return name


def short_name_in_sql(column: str, level: int) -> str:
    """The DuckDB expression that shortens a text column exactly as ``short_name`` does."""
    text = f"regexp_replace({column}, '\\s', '', 'g')"
    if level == 5:
        committee, rest = _SHORTENED[5]
        return f"regexp_replace(regexp_replace({text}, '{committee}', '\\1村'), '{rest}', '\\1')"
    for pattern in _SHORTENED[level]:
        shortened = f"regexp_replace({text}, '{pattern}', '\\1')"
        is_zone = f"regexp_matches({text}, '(?:{_ZONE_ENDINGS})$')"
        text = f"CASE WHEN {is_zone} THEN {text} ELSE {shortened} END" if level == 3 else shortened
    return text


def display_name(name: str, code: str) -> str:
    """Published lists name villages by their committee: 南关村村民委员会 → 南关村, 光华路社区居委会 → 光华路社区."""
    name = re.sub(r"\s", "", name)
    if level_of(code) != 5:
        return name
    name = re.sub(_SHORTENED[5][0], r"\1村", name)
    return re.sub(r"社区(?:居民委员会|居委会|村)$", "社区", name)


def zone_names(name: str, province: str, city: str) -> tuple[str, list[str]]:
    """The short name of a functional zone and what else documents call it.

    河北衡水高新技术产业开发区 → 高新技术产业开发区, [衡水高新区, 高新区]; 衡水滨湖新区 → 滨湖新区, [滨湖新区].
    """
    city_short, short = short_name(city, 2), name
    for prefix in (province, short_name(province, 1), city, city_short):
        short = short.removeprefix(prefix) if len(short) > len(prefix) + 1 else short
    others = []
    if "高新技术" in short:
        others = [f"{city_short}高新区", "高新区"]
    elif short.endswith(("经济技术开发区", "经济开发区")):
        others = [f"{city_short}经开区", "经开区", "经济开发区"]
    elif short != name:
        others = [short]
    return short, [other for other in others if other != name]


# Characters and words of place names that are read otherwise than a dictionary's first reading.
_READ_OTHERWISE = {
    "长": "c", "长子": "zz", "仇": "q", "曾": "z", "翟": "z", "车": "c", "中牟": "zm", "藏族": "zz",
    "单县": "sx", "单家": "sj", "单庄": "sz", "单楼": "sl", "单村": "sc", "单营": "sy", "单桥": "sq",
    "解家": "xj", "解庄": "xz", "解村": "xc", "解营": "xy", "解州": "hz", "查家": "zj", "区家": "oj", "种家": "cj",
    "洪洞": "ht", "莘县": "sx", "番禺": "py", "泊头": "bt", "朝阳": "cy", "行唐": "xt", "太行": "th", "大城": "dc",
    "乐亭": "lt", "浚县": "xx", "涡阳": "gy", "涡河": "gh", "尉犁": "yl", "尉迟": "yc", "蔚县": "yx", "六安": "la",
    "六合": "lh", "重庆": "cq", "重阳": "cy", "厦门": "xm", "东阿": "de", "铅山": "ys", "歙县": "sx", "台州": "tz",
    "盖州": "gz", "繁峙": "fs", "会稽": "kj", "叶县": "yx", "郫都": "pd", "畜牧": "xm",
}  # fmt: skip
_READING = re.compile("|".join(sorted(map(re.escape, _READ_OTHERWISE), key=len, reverse=True)))


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """Pinyin initials in lower case, one letter a character; letters and digits stay, other signs vanish.

    涞源县 → lyx, 长葛市 → cgs.
    """
    from pypinyin import Style, lazy_pinyin

    # A run of other signs comes back as it is, so letters and characters stand at the same places.
    letters = list("".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower())
    for match in _READING.finditer(name):
        letters[match.start() : match.end()] = _READ_OTHERWISE[match.group()]
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())
