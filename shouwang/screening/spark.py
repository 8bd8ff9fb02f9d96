"""A Spark session bound to loopback or to the site's master, with the settings under which results equal DuckDB's."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shouwang.foundation import workspace
from shouwang.foundation.errors import UserError


@contextmanager
def session(master: str = "") -> Iterator[Any]:
    """A session on ``master`` (spark://host:port), or on this machine's own cores when empty."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise UserError(
            "本机没有安装 Spark", next_step="请安装可选组件（pip install shouwang[spark]），或使用 --engine duckdb。"
        ) from None
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    master = master or "local[*]"
    address = "127.0.0.1" if "127.0.0.1" in master or master.startswith("local") else ""
    if address:
        os.environ.setdefault("SPARK_LOCAL_IP", address)
    builder = (
        SparkSession.builder.master(master)
        .appName("shouwang-screening")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.sql.session.timeZone", "Asia/Shanghai")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .config("spark.sql.warehouse.dir", str(workspace.home() / "temporary" / "spark"))
    )
    if master.startswith("local"):  # a cluster's own spark-defaults decide there
        builder = builder.config("spark.sql.shuffle.partitions", "8")
    if address:
        builder = builder.config("spark.driver.host", address).config("spark.driver.bindAddress", address)
    try:
        opened = builder.getOrCreate()
        opened.sparkContext.setLogLevel("ERROR")
    except Exception as error:
        raise UserError(
            f"无法连接 Spark（{master}）",
            place=type(error).__name__,
            next_step="请确认主节点已启动、地址正确，且本机有 Java 17。",
        ) from None
    try:
        yield opened
    finally:
        opened.stop()
