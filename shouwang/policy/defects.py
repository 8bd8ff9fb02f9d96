"""What is wrong with the policy files: every defect with its file, its line and the next step, all of them at once."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shouwang.foundation.errors import UserError


@dataclass(frozen=True, order=True)
class Defect:
    """One thing to mend; ``file`` as the officer sees it, ``line`` counted from 1."""

    file: str
    line: int
    message: str
    next_step: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行：{self.message}。{self.next_step}"


class PolicyFilesError(UserError):
    """The policy files are refused as a whole; ``defects`` lists everything that is to be mended."""

    def __init__(self, defects: Iterable[Defect]) -> None:
        self.defects = tuple(sorted(set(defects)))
        lines = "\n".join(f"  {defect}" for defect in self.defects)
        super().__init__(f"政策文件有 {len(self.defects)} 处问题，全部未载入：\n{lines}")

    def __str__(self) -> str:
        return self.message


class Defects:
    """Collects defects while files are read, so that an officer mends them in one go.

    ``known_code`` is who says whether a region exists: code → 12 digits, or UserError. ``citations`` are those met, with file and
    line, to be checked when all documents are known.
    """

    def __init__(self, known_code: Callable[[str], str]) -> None:
        self.found: list[Defect] = []
        self.known_code = known_code
        self.citations: list[tuple[str, str, int]] = []

    def add(self, file: str, line: int, message: str, next_step: str) -> None:
        self.found.append(Defect(file, line, message, next_step))

    def refuse_if_any(self) -> None:
        if self.found:
            raise PolicyFilesError(self.found)


def nearest(word: str, known: Iterable[str], *, count: int = 3) -> str:
    """``最接近的有：a、b。`` — or nothing when no known word is near."""
    words = list(known)
    # the end of a dotted name is what people remember
    tails = {name.rpartition(".")[2]: name for name in words}
    found = difflib.get_close_matches(word, words, n=count, cutoff=0.6)
    found += [tails[tail] for tail in difflib.get_close_matches(word.rpartition(".")[2], tails, n=count, cutoff=0.7)]
    found += [name for name in words if len(word) > 3 and word in name]
    chosen = list(dict.fromkeys(found))[:count]
    return f"最接近的有：{'、'.join(chosen)}。" if chosen else ""
