"""The words for what a household may fall by: at most five a household, as the national form lists them (domain code set)."""

from __future__ import annotations

RISKS = {
    "illness": "因病",
    "disability": "因残",
    "schooling": "因学",
    "disaster": "因自然灾害",
    "accident": "因意外事故",
    "industry_failure": "因产业项目失败",
    "unstable_work": "因务工就业不稳",
    "labour_shortage": "缺劳动力",
    "housing": "因安全住房",
    "water": "因安全饮水",
    "epidemic": "因突发公共卫生事件",
    "other": "其他",
}


def labels(codes: list[str]) -> str:
    """因病、因残"""
    return "、".join(RISKS.get(code, code) for code in codes)
