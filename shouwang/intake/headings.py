"""Finds the heading row by its content and says which column of a file is which column of the contract.

A remembered mapping of the sender comes first, then the canonical heading, then its aliases. Headings are compared without
spaces, brackets, units, numbering and width of letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz, process

from shouwang.foundation.errors import UserError

from .contract import Column, Contract

LOOK_ROWS = 30
_IGNORED = re.compile(r"[\s*＊·.。、,，:：;；_\-—/\\|'\"“”‘’\u200b\ufeff]+")
_BRACKETED = re.compile(r"[(（\[【〔<《{][^)）\]】〕>》}]*[)）\]】〕>》}]")
_BRACKETS = re.compile(r"[()（）\[\]【】〔〕<>《》{}]")
_NUMBERING = re.compile(r"^\s*[（(]?\d{1,3}\s*[)）.、．]\s*")
_UNIT = re.compile(r"(单位)?(万元|元|亩|平方米|㎡|公里|千米|米|个月|月|人|岁)$")
_TEN_THOUSAND = re.compile(r"万\s*元")
_NEAR = 50  # how alike a heading must be (0 to 100) to be named in an error


@dataclass(frozen=True)
class Heading:
    """The heading of a file: where it stands, what it says, and what each of its columns means."""

    texts: list[str]  # as they came, by column
    rows: tuple[int, int]  # first and last row of it, counted from 0
    columns: dict[int, Column]  # by position in the file
    unknown: list[int] = field(default_factory=list)
    unwanted: list[int] = field(default_factory=list)  # a mapping says that nobody wants them
    displaced: dict[int, Column] = field(default_factory=dict)  # aliases of a column that is there under its own name
    ambiguous: dict[str, list[int]] = field(default_factory=dict)
    factors: dict[int, int] = field(default_factory=dict)  # 10,000 where the heading says 万元

    def position(self, column: Column) -> int | None:
        return next((position for position, found in self.columns.items() if found is column), None)

    def missing(self, contract: Contract) -> list[Column]:
        found = {column.heading for column in self.columns.values()}
        return [column for column in contract.columns if column.is_required and column.heading not in found]


@lru_cache(maxsize=4096)
def normalised(heading: str, *, with_brackets: bool = True) -> str:
    """A heading as it is compared; ``with_brackets`` keeps what stands in brackets, without the brackets."""
    text = unicodedata.normalize("NFKC", heading)
    text = _NUMBERING.sub("", text)
    text = _BRACKETS.sub("", text) if with_brackets else _BRACKETED.sub("", text)
    return _IGNORED.sub("", text).upper()


def _spellings(heading: str) -> list[str]:
    """From the most to the least literal way of reading a heading."""
    whole, bare = normalised(heading), normalised(heading, with_brackets=False)
    return list(dict.fromkeys(text for text in (whole, bare, _UNIT.sub("", whole), _UNIT.sub("", bare)) if text))


class Vocabulary:
    """What headings a contract knows, and what its sender's headings were taken for before."""

    def __init__(self, contract: Contract, mapping: Mapping[str, str] | None = None) -> None:
        self.contract = contract
        self._own: dict[str, Column] = {}
        self._aliases: dict[str, Column] = {}
        for literal in (True, False):
            for column in contract.columns:
                for table, headings in ((self._own, (column.heading,)), (self._aliases, column.aliases)):
                    for heading in headings:
                        for spelling in _spellings(heading)[: 1 if literal else None]:
                            table.setdefault(spelling, column)
        self._mapping: dict[str, Column | None] = {}
        for heading, name in (mapping or {}).items():
            self._mapping[normalised(heading)] = self._mapped(heading, name)

    def _mapped(self, heading: str, name: str) -> Column | None:
        if not name.strip():
            return None
        for column in self.contract.columns:
            if normalised(column.heading) == normalised(name):
                return column
        near = nearest(name, [column.heading for column in self.contract.columns])
        raise UserError(
            f"“{heading}={name}”里的标准列名“{name}”不存在",
            next_step=f"最接近的标准列名：{_quoted(near)}。" if near else f"标准列名见“{self.contract.label}”的模板。",
        )

    def read(self, texts: Sequence[str], rows: tuple[int, int]) -> Heading:
        """What each text means. Nothing is raised: what is missing or ambiguous stands in the result."""
        heading = Heading([text.strip() for text in texts], rows, {})
        found: dict[str, list[tuple[int, int]]] = {}
        for position, text in enumerate(heading.texts):
            if not normalised(text):
                continue
            if normalised(text) in self._mapping:
                column, rank = self._mapping[normalised(text)], 0
                if column is None:
                    heading.unwanted.append(position)
                    continue
            else:
                column, rank = self._known(text)
            if column is None:
                heading.unknown.append(position)
            else:
                found.setdefault(column.heading, []).append((rank, position))
        for name, places in found.items():
            column = self.contract.column(name)
            best = min(rank for rank, _ in places)
            winners = [position for rank, position in places if rank == best]
            if len(winners) > 1:
                heading.ambiguous[name] = winners
            heading.columns[winners[0]] = column
            heading.displaced.update({position: column for rank, position in places if rank != best})
            if _TEN_THOUSAND.search(unicodedata.normalize("NFKC", heading.texts[winners[0]])):
                heading.factors[winners[0]] = 10_000
        return heading

    def known(self, text: str) -> Column | None:
        """The column that a heading stands for, by its own name or an alias."""
        return self._known(text)[0]

    def _known(self, text: str) -> tuple[Column | None, int]:
        for spelling in _spellings(text):
            if spelling in self._own:
                return self._own[spelling], 1
            if spelling in self._aliases:
                return self._aliases[spelling], 2
        return None, 9


def find(sample: Sequence[Sequence[str]], vocabulary: Vocabulary) -> Heading | None:
    """The row, or the two merged rows, among the first thirty in which most columns of the contract are recognised."""
    best: tuple[int, Heading] | None = None
    for index, row in enumerate(sample[:LOOK_ROWS]):
        candidates = [vocabulary.read(row, (index, index))]
        if index + 1 < len(sample):
            candidates.append(vocabulary.read(_merged(row, sample[index + 1]), (index, index + 1)))
        for heading in candidates:
            required = sum(column.is_required for column in heading.columns.values())
            score = len(heading.columns) + len(heading.displaced) + required
            if heading.columns and (best is None or score > best[0]):
                best = (score, heading)
    return best[1] if best else None


def _merged(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two heading rows as one: the lower text, the upper one where a cell was merged downwards, and the upper text in
    front where it was merged across and the lower one alone says too little (致贫原因 over 1, 2, 3)."""
    texts, across = [], ""
    for position in range(max(len(upper), len(lower))):
        above = upper[position].strip() if position < len(upper) else ""
        below = lower[position].strip() if position < len(lower) else ""
        across = above or across
        if not below:
            texts.append(above)
        elif re.fullmatch(r"[\d一二三四五]{1,2}", below):
            texts.append(f"{across}{below}")
        else:
            texts.append(below)
    return texts


def nearest(text: str, choices: Sequence[str], limit: int = 2) -> list[str]:
    """The choices most like a text, best first; none when nothing is alike."""
    found = process.extract(normalised(text), {choice: normalised(choice) for choice in choices}, scorer=fuzz.ratio)
    partial = process.extract(
        normalised(text), {choice: normalised(choice) for choice in choices}, scorer=fuzz.partial_ratio
    )
    scores: dict[str, float] = {}
    for _, score, choice in (*found, *((match, score * 0.9, choice) for match, score, choice in partial)):
        scores[choice] = max(score, scores.get(choice, 0))
    ordered = sorted(scores, key=lambda choice: -scores[choice])
    return [choice for choice in ordered if scores[choice] >= _NEAR][:limit]


def check(heading: Heading | None, contract: Contract, sample: Sequence[Sequence[str]], place: str) -> Heading:
    """The heading, or one UserError that says what is missing or ambiguous and how to say which column is meant."""
    if heading is None:
        required = "、".join(column.heading for column in contract.columns if column.is_required)
        texts = max(sample[:LOOK_ROWS], key=lambda row: sum(bool(cell.strip()) for cell in row), default=[])
        raise UserError(
            f"前 {LOOK_ROWS} 行里没有找到“{contract.label}”的表头（应有：{required}）",
            place=place,
            next_step=_how_to_map([column for column in contract.columns if column.is_required], texts),
        )
    missing = heading.missing(contract)
    if missing:
        free = [heading.texts[position] for position in (*heading.unknown, *heading.unwanted)]
        raise UserError(
            f"第 {heading.rows[1] + 1} 行表头缺少必需的列：{_quoted([column.heading for column in missing])}",
            place=place,
            next_step=_how_to_map(missing, free),
        )
    for name, positions in heading.ambiguous.items():
        listed = "、".join(f"第 {position + 1} 列“{heading.texts[position]}”" for position in positions)
        different = {heading.texts[position] for position in positions}
        way_out = (
            f'请用 --map "来文列名=" 去掉不要的列（等号后留空），或在页面上选择。例如 --map "{heading.texts[positions[-1]]}="。'
            if len(different) > 1
            else "请在文件里给其中一列改名或删去后重新导入。"
        )
        raise UserError(f"有 {len(positions)} 列都像“{name}”：{listed}", place=place, next_step=way_out)
    return heading


def _how_to_map(missing: Sequence[Column], texts: Sequence[str]) -> str:
    parts, example = [], ""
    texts = [text for text in texts if text.strip()]
    for column in missing:
        near = nearest(column.heading, texts)
        if near:
            parts.append(f"“{column.heading}”最接近的来文列名是{_quoted(near)}")
            example = example or f"{near[0].strip()}={column.heading}"
    text = "；".join(parts) + "。" if parts else ""
    example = example or f"来文列名={missing[0].heading}"
    return f'{text}请加 --map "{example}" 重新导入，或在页面上选择对应的列；选定后会记住。'


def _quoted(texts: Sequence[str]) -> str:
    return "、".join(f"“{text.strip()}”" for text in texts)
