"""Reproducible chance: every part of the county draws from its own stream, so that one part can change without moving the others."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class Streams:
    """Named streams of pseudo-random numbers from one seed: the same name and seed give the same numbers."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __getitem__(self, name: str) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, zlib.crc32(name.encode())])))


def draw(chance: np.random.Generator, weights: Sequence[float] | Array, size: int) -> Array:
    """``size`` indexes into ``weights``, drawn in proportion to them."""
    steps = np.cumsum(np.asarray(weights, dtype=float))
    return np.searchsorted(steps / steps[-1], chance.random(size), side="right").astype(np.int64)


def some(chance: np.random.Generator, among: Array, count: int) -> Array:
    """``count`` different members of ``among`` (all of them when there are fewer), in ascending order."""
    return np.sort(chance.choice(among, size=min(count, len(among)), replace=False))
