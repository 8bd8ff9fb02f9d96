"""Finds the Chinese fonts that a PDF is set in: those of the office if the computer has them, free ones otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import typst

from shouwang.foundation import workspace
from shouwang.foundation.errors import UserError

_SERIF, _SANS = ("Noto Serif CJK SC", "Source Han Serif SC"), ("Noto Sans CJK SC", "Source Han Sans SC")
# Style → families in the order of preference. A later one also draws the letters that an earlier one lacks (rare names).
_WANTED: Mapping[str, tuple[str, ...]] = {
    "body": ("FangSong_GB2312", "FZFangSong-Z02S", "FZFangSong-Z02", "FangSong", "STFangsong", "FandolFang R", "FandolFang", *_SERIF),
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", *_SERIF),
    "heading": ("SimHei", "FZHei-B01S", "STHeiti", *_SANS),
    "subheading": ("KaiTi_GB2312", "FZKai-Z03S", "KaiTi", "STKaiti", "LXGW WenKai", *_SERIF),
    "figures": ("SimSun", "FZShuSong-Z01S", "STSong", *_SERIF),
}  # fmt: skip
_ANY_CHINESE = (*_SERIF, *_SANS, "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "SimSun", "FangSong")


@dataclass(frozen=True)
class Type:
    """The fonts as the typesetter takes them, and the families of each style."""

    fonts: typst.Fonts
    families: Mapping[str, tuple[str, ...]]


def find() -> Type:
    """Raises UserError when there is no Chinese font: what to install, and where to put fonts of one's own."""
    return _find(str(workspace.fonts_folder()))


@lru_cache(maxsize=4)
def _find(folder: str) -> Type:
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[folder])
    return Type(fonts, chosen(fonts.families(), folder))


def chosen(installed: list[str], folder: str) -> dict[str, tuple[str, ...]]:
    """The installed families of each style; a style that has none takes any Chinese font."""
    known = frozenset(installed)
    spare = tuple(family for family in _ANY_CHINESE if family in known)
    found = {style: tuple(family for family in wanted if family in known) or spare for style, wanted in _WANTED.items()}
    if not all(found.values()):
        raise UserError(
            "服务器上没有中文字体，不能生成 PDF",
            next_step="请安装 Noto CJK 字体（Debian、Ubuntu、UOS：apt-get install fonts-noto-cjk；openEuler、麒麟：dnf install "
            f"google-noto-serif-cjk-sc-fonts google-noto-sans-cjk-sc-fonts），或把单位的公文字体（仿宋_GB2312、方正小标宋、黑体、楷体_GB2312）放入 {folder}，然后重新启动；Word 文件不受影响。",
        )
    return found
