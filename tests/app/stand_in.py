"""A stand-in for the server that misbehaves on demand: it is switched off, forgets to answer, answers late or with nonsense.

Serves the app's files as the program does (same page, worker and content security policy) and speaks the interface of
docs/reference/rooms.md about one village kept in memory.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from shouwang.web.views.app import worker_source

from . import packets

FOLDER = Path(__file__).resolve().parents[2] / "cadre_app"
_KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; object-src 'none'"


class StandIn:
    """The server: what it holds, what it was told, and how it misbehaves."""

    def __init__(self) -> None:
        self.day_offset = dt.timedelta()
        self.count = 80
        self.has_groups = self.has_doors = True
        self.login, self.name = "zhao", "网格员赵"
        self.is_signed_in = True
        self.owner = "zhao"  # of the phone
        self.wiped: set[str] = set()
        self.said_wiped: list[str] = []
        self.stored: dict[str, dict[str, Any]] = {}  # record id → record
        self.answers: dict[str, dict[str, str]] = {}  # record id → result other than accepted
        self.posts: list[list[str]] = []  # ids of every post that arrived
        self.photos: list[bytes] = []
        self.swallowed = 0  # so many posts are stored and then get no answer
        self.failing = 0  # so many posts get 503 and are not stored
        self.too_large = 10_000  # a post with more records gets 413
        self.poison = ""  # a post with this record gets 400 as a whole
        self.extra_script = ""  # makes another version of the shell
        self.server: ThreadingHTTPServer | None = None
        self.port = 0

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.day_offset

    def start(self) -> None:
        stand_in = self

        class Handler(_Handler):
            world = stand_in

        self.server = ThreadingHTTPServer(("localhost", self.port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def packet(self, device: str) -> dict[str, Any]:
        made = packets.packet(now=self.now(), count=self.count, login=self.login, name=self.name) | {"device": device}
        undone = {record["of"] for record in self.stored.values() if record["kind"] == "undo"}
        live = [record for record in self.stored.values() if record["id"] not in undone]
        seen = {record["household_no"] for record in live if record["kind"] in ("confirmation", "visit")}
        for household in made["households"]:
            household["group"] = household["group"] if self.has_groups else ""
            household["door"] = household["door"] if self.has_doors else None
            if household["no"] in seen:
                household["confirmed_on"] = "2022-07-18"
        settled = {record["task"] for record in live if record["kind"] == "step"}
        made["tasks"] = [task for task in made["tasks"] if task["id"] not in settled]
        return made

    def take(self, record: dict[str, Any]) -> dict[str, str]:
        known = self.stored.get(record["id"])
        if known is not None:
            same = known == record
            return {
                "id": record["id"],
                "result": "repeated" if same else "conflict",
                "message": "" if same else "内容与先前不同",
                "next_step": "",
            }
        planned = self.answers.get(record["household_no"])
        if planned and planned["result"] == "refused":
            return {"id": record["id"]} | planned
        self.stored[record["id"]] = record
        return {"id": record["id"], "result": "accepted", "message": "", "next_step": ""} | (planned or {})


class _Handler(BaseHTTPRequestHandler):
    world: StandIn
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: Any) -> None:
        pass

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        device = query.removeprefix("device=")
        if path == "/app/":
            self._send(200, (FOLDER / "index.html").read_bytes(), "text/html; charset=utf-8")
        elif path == "/app/sw.js":
            source = worker_source(FOLDER) + self.world.extra_script
            if self.world.extra_script:
                source = re.sub(r'"version": "', '"version": "next-', source, count=1)
            self._send(200, source.encode(), "text/javascript")
        elif path.startswith("/static/app/"):
            file = FOLDER / path.removeprefix("/static/app/")
            self._send(200, file.read_bytes(), _KINDS.get(file.suffix, "application/octet-stream"))
        elif path.startswith("/sign-in"):
            self._send(200, "<h1>登录</h1>".encode(), "text/html; charset=utf-8")
        elif path == "/api/app/state":
            self._json(200, self._state(device))
        elif path == "/api/app/packet":
            self._json(200, self._allowed(device) or self.world.packet(device))
        else:
            self._send(404, b"", "text/plain")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        world = self.world
        if self.path == "/api/app/leave":
            world.is_signed_in = False
            self._json(200, {})
        elif self.path == "/api/app/wiped":
            world.said_wiped.append(json.loads(body)["device"])
            self._json(200, {})
        elif self.path == "/api/app/photo":
            world.photos.append(body)
            self._json(200, {"id": "", "result": "accepted"})
        elif self.path == "/api/app/device":
            self._json(200, self._state(json.loads(body)["device"]))
        else:
            self._outbox(json.loads(body))

    def _outbox(self, sent: dict[str, Any]) -> None:
        world, records = self.world, sent["records"]
        world.posts.append([record["id"] for record in records])
        if (refusal := self._allowed(sent["device"])) is not None:
            self._json(200, refusal)
        elif world.failing:
            world.failing -= 1
            self._send(503, b"busy", "text/plain")
        elif len(records) > world.too_large:
            self._json(413, {"error": {"message": "一次太多", "place": "", "next_step": ""}})
        elif any(record["household_no"] == world.poison for record in records):
            self._json(400, {"error": {"message": "这条记录看不懂。", "place": "", "next_step": "请重新填写。"}})
        else:
            results = [world.take(record) for record in records]
            if world.swallowed:
                world.swallowed -= 1
                self.close_connection = True
                self.connection.close()
                return
            self._json(200, {"results": results, "server_time": world.now().isoformat(), "wipe": False})

    def _state(self, device: str) -> dict[str, Any]:
        if device in self.world.wiped:
            return {"wipe": True}
        now = self.world.now().isoformat()
        return {
            "wipe": False,
            "signed_in": self.world.is_signed_in,
            "expires_at": None,
            "day": "2022-07-18",
            "server_time": now,
        }

    def _allowed(self, device: str) -> dict[str, Any] | None:
        if device in self.world.wiped:
            return {"wipe": True}
        if self.world.login != self.world.owner:
            return {"error": {"message": "这台手机登记在别的账号名下", "place": "", "next_step": "请换人登录。"}}
        return (
            None if self.world.is_signed_in else {"error": {"message": "请登录", "place": "", "next_step": "重新登录"}}
        )

    def _json(self, status: int, answer: dict[str, Any]) -> None:
        status = (403 if self.world.is_signed_in else 401) if status == 200 and "error" in answer else status
        self._send(status, json.dumps(answer, ensure_ascii=False).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        self.wfile.write(body)
