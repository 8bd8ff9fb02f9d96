"""What a family may say its trouble is: the risks of the national form (domain 2.3), each in words of every day."""

from __future__ import annotations

from shouwang.casework.risks import RISKS

PLAIN = {
    "illness": "家里有人生病，看病花钱多",
    "disability": "家里有残疾人，生活困难",
    "schooling": "孩子上学花钱多，或上不了学",
    "disaster": "遭了水、旱、雹、火等灾",
    "accident": "出了车祸、摔伤等意外",
    "unstable_work": "没活干，或打工收入大减",
    "industry_failure": "种养或生意赔了钱",
    "labour_shortage": "家里没有能干活的人",
    "housing": "房子不安全，没有好房住",
    "water": "喝水有困难",
    "epidemic": "受疫情影响，生活困难",
    "other": "其他困难",
}
OTHER = "other"
CHOICES = tuple((code, PLAIN[code]) for code in RISKS)
