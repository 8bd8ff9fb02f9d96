"""What the figures were measured on: a figure without its machine and versions says nothing."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sqlite3
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("duckdb", "ibis-framework", "sqlglot", "pyarrow", "pyspark", "pandas", "Django")


def described() -> dict[str, str]:
    """Label → text, in the order in which it is printed."""
    versions = {"Python": platform.python_version()}
    versions |= {name: _version(name) for name in PACKAGES}
    versions["SQLite"] = sqlite3.sqlite_version
    return {
        "date": f"{dt.datetime.now().astimezone():%Y-%m-%d %H:%M %z}",
        "processor": f"{_from('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores",
        "memory": f"{_kilobytes('MemTotal') / 1024**2:.1f} GB, {_kilobytes('MemAvailable') / 1024**2:.1f} GB free, "
        f"{_kilobytes('SwapTotal') / 1024**2:.1f} GB swap",
        "system": platform.platform(),
        "load at the start": " ".join(f"{load:.2f}" for load in os.getloadavg()),
        "versions": ", ".join(f"{name} {number}" for name, number in versions.items()),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def _from(path: str, key: str) -> str:
    for line in Path(path).read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == key:
            return value.strip()
    return "unknown"


def _kilobytes(key: str) -> int:
    value = _from("/proc/meminfo", key)
    return 0 if value == "unknown" else int(value.split()[0])
