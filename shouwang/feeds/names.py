"""When two names are the same person's name: blanks, middle dots, notes in brackets and variant characters do not count."""

from __future__ import annotations

import re

# Each pair: a traditional or variant character, and the one that the register writes. Only forms of one and the same
# character; characters that are merely often confused (付 and 傅, 肖 and 萧) are different names and a matter for a person.
_VARIANTS = (
    "髙高吳吴呉吴呂吕黃黄張张陳陈劉刘趙赵楊杨馬马孫孙鄭郑馮冯鄧邓許许韓韩謝谢羅罗葉叶蘇苏盧卢賈贾鍾钟鐘钟譚谭陸陆鄒邹龍龙萬万錢钱嚴严閻阎闫阎蕭萧蔣蒋莊庄蘆芦衞卫衛卫齊齐關关門门國国華华麗丽蘭兰鳳凤雲云東东軍军偉伟寶宝貴贵榮荣慶庆紅红興兴賓宾曉晓"
    "澤泽潤润靈灵雙双峯峰羣群傑杰昇升陞升鋒锋銳锐瓊琼瑤瑶珎珍姸妍嫻娴嫺娴嬋婵嬪嫔栢柏棟栋橋桥樹树巖岩嶺岭輝辉煇辉煥焕燦灿璽玺禮礼禎祯祿禄穩稳紹绍維维緒绪綱纲經经義义習习聖圣豔艳艷艳節节蓮莲書书詩诗誠诚謙谦賢贤讚赞贊赞進进遠远連连鐵铁銀银鎖锁錦锦"
    "長长陽阳靜静韻韵順顺穎颖頴颖飛飞駿骏鴻鸿鵬鹏鶴鹤強强彊强愛爱會会歲岁寧宁實实徳德恆恒懷怀應应戰战時时業业樂乐歐欧歡欢滿满爾尔獻献環环瑪玛畢毕秌秋積积純纯結结縣县聯联聰聪職职舉举藝艺蘊蕴術术覺觉觀观訓训記记詠咏試试譽誉豐丰貞贞財财運运達达選选"
    "還还鄉乡醫医錄录鎮镇閃闪開开間间陰阴際际隨随雋隽靚靓領领顏颜願愿類类養养騰腾驊骅髮发魯鲁魚鱼鮮鲜鳴鸣麥麦點点凱凯勝胜勛勋勳勋務务啟启啓启單单嘯啸團团堅坚墻墙夢梦夥伙奧奥婦妇媽妈"
)
VARIANT_FROM, VARIANT_TO = _VARIANTS[0::2], _VARIANTS[1::2]
# Blanks and every dot that stands between the parts of a name.
_NOISE = " \t\u3000\u00a0\u200b·•・‧∙⋅．｡.。,，、-—_*'’‘"
_BRACKETS = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]?")
_TO = str.maketrans(VARIANT_FROM, VARIANT_TO, _NOISE)


def cleaned(name: str) -> str:
    """The characters that two ways of writing the same name have in common; '' for nothing."""
    return _BRACKETS.sub("", name or "").translate(_TO).upper()


def cleaned_in_sql(column: str) -> str:
    """The same in DuckDB. Few names have anything to clean, and looking for that is cheap."""
    noise = _NOISE.replace("'", "''")
    bare = f"regexp_replace({column}, '[（(【\\[][^）)】\\]]*[）)】\\]]?', '', 'g')"
    mended = f"upper(translate({bare}, '{VARIANT_FROM}{noise}', '{VARIANT_TO}'))"
    anything = re.escape(f"{VARIANT_FROM}{_NOISE}（(【[").replace("'", "''")
    return f"CASE WHEN regexp_matches({column}, '[{anything}a-z]') THEN {mended} ELSE {column} END"


def agree_in_sql(left: str, right: str) -> str:
    """Whether two names agree. Equal names are by far the most: only the others are cleaned."""
    cleaned = f"coalesce({cleaned_in_sql(left)} = {cleaned_in_sql(right)}, false)"
    return f"CASE WHEN {left} = {right} THEN true ELSE {cleaned} END"
