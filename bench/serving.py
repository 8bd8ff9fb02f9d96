"""A real server of a workspace, as ``shouwang serve`` starts it, that can be stopped or killed where it stands and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

_PATIENCE_SECONDS = 120


class Server:
    """``with Server() as server: server.port``; the workspace and database are those of this process's environment."""

    def __init__(self) -> None:
        with socket.socket() as chosen:
            chosen.bind(("127.0.0.1", 0))
            self.port = int(chosen.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=_PATIENCE_SECONDS)

    def start(self) -> None:
        """Raises RuntimeError when no page is answered in time."""
        command = [sys.executable, "-m", "shouwang", "serve", "--port", str(self.port)]
        # a session of its own: its process group is what ``kill`` ends, and nothing else
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=10)
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the server did not start")

    def processor(self) -> float:
        """Seconds of the processor that the server, its workers and what runs beside them took since it was started."""
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rpartition(") ")[2].split()
            except OSError:
                continue  # gone meanwhile
            if self._process is not None and int(fields[2]) == self._process.pid:
                ticks += sum(map(int, fields[11:15]))  # its own and its ended children's
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """SIGKILL to the server, its workers and what runs beside them: nobody gets to finish anything."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=_PATIENCE_SECONDS)
            self._process = None
