"""A real Spark standalone master with two workers on loopback, for as long as the tests need it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyspark

_PATIENCE_SECONDS = 90
# Tiny tables: planning and compiling, not the data, take the time.
_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
_DEFAULTS = f"""
spark.sql.shuffle.partitions 2
spark.sql.codegen.factoryMode NO_CODEGEN
spark.locality.wait 0
spark.sql.codegen.wholeStage false
spark.sql.adaptive.enabled false
spark.ui.showConsoleProgress false
spark.driver.extraJavaOptions {_JAVA}
spark.executor.extraJavaOptions {_JAVA}
"""


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[str]:
    """The master's address, once all workers have registered."""
    home = Path(pyspark.__file__).parent
    (folder / "spark-defaults.conf").write_text(_DEFAULTS)
    os.environ["SPARK_CONF_DIR"] = str(folder)
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": _JAVA,
        "SPARK_WORKER_DIR": str(folder / "work"),
        "PYSPARK_PYTHON": sys.executable,
    }
    started: list[subprocess.Popen] = []

    def start(role: str, *arguments: str) -> Path:
        log = folder / f"{role}-{len(started)}.log"
        command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{role.lower()}.{role}", *arguments]
        with log.open("wb") as stream:
            started.append(subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT, env=environment))
        return log

    try:
        master_log = start("Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        address = _wait(master_log, r"Starting Spark master at (spark://127\.0\.0\.1:\d+)")
        for _ in range(workers):
            log = start("Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", "0", address)
            _wait(log, r"(Successfully registered with master)")
        yield address
    finally:
        del os.environ["SPARK_CONF_DIR"]
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(timeout=30)


def _wait(log: Path, pattern: str) -> str:
    """The first group of a line that appears in a log."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if match := re.search(pattern, log.read_text(errors="replace")):
            return match[1]
        time.sleep(0.2)
    raise TimeoutError(f"{log.name}: {pattern}\n{log.read_text(errors='replace')[-2000:]}")
