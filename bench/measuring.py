"""Programs side by side: each run is a fresh process, rounds go A B C, A B C, and ratios are taken within a round.

Two cores are often shared with something else. What runs at nearly the same moment is slowed down alike, so a ratio within a
round says more than two times do; processor time, which waiting does not change, is reported beside the time on the clock.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

_RESULT = "measured: "


@dataclass
class Measurement:
    """One run: the work by the clock and by the processor, what came before the work, the most memory the process held."""

    seconds: float
    cpu_seconds: float
    start_seconds: float = 0.0
    peak_mb: float = 0.0
    notes: dict[str, Any] = field(default_factory=dict)


@contextmanager
def measured() -> Iterator[dict[str, Any]]:
    """Measures the work of a program's process and prints it for ``run``; notes put into the dictionary go along."""
    notes: dict[str, Any] = {}
    clock, processor = time.perf_counter(), _processor()
    yield notes
    seconds, cpu_seconds = time.perf_counter() - clock, _processor() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = Measurement(seconds, cpu_seconds, peak_mb=peak, notes=notes)
    print(_RESULT + json.dumps(asdict(found)), flush=True)


def run(program: str, *arguments: Any, environment: Mapping[str, str] | None = None) -> Measurement:
    """One run of ``bench.programs.<program>`` in a fresh process. Raises RuntimeError with its last words when it fails."""
    begun = time.perf_counter()
    process = subprocess.run(
        [sys.executable, "-m", f"bench.programs.{program}", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
        env=os.environ | dict(environment or {}),
        check=False,
    )
    whole = time.perf_counter() - begun
    lines = [line for line in process.stdout.splitlines() if line.startswith(_RESULT)]
    if process.returncode or not lines:
        raise RuntimeError(f"{program} failed: {process.stderr.strip()[-2000:]}")
    found = Measurement(**json.loads(lines[-1][len(_RESULT) :]))
    found.start_seconds = whole - found.seconds
    return found


def rounds(programs: Mapping[str, Callable[[], Measurement]], count: int) -> dict[str, list[Measurement]]:
    """``count`` rounds of all programs, the order turned round every other time."""
    found: dict[str, list[Measurement]] = {name: [] for name in programs}
    for number in range(count):
        names = list(programs) if number % 2 == 0 else list(reversed(programs))
        for name in names:
            found[name].append(programs[name]())
    return found


@dataclass(frozen=True)
class Spread:
    """The median of some figures, with the least and the greatest."""

    median: float
    least: float
    greatest: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Spread:
        return cls(statistics.median(figures), min(figures), max(figures))

    def text(self, places: int = 2) -> str:
        return f"{self.median:.{places}f} ({self.least:.{places}f}-{self.greatest:.{places}f})"


def ratios(ours: Sequence[Measurement], theirs: Sequence[Measurement], what: str = "seconds") -> Spread:
    """Ours against theirs, round by round."""
    return Spread.of([getattr(a, what) / getattr(b, what) for a, b in zip(ours, theirs, strict=True)])


def _processor() -> float:
    """Seconds of all threads of this process."""
    return time.process_time()
