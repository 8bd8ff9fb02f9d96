"""Keys outside the database; encryption of sensitive values at rest; the keyed blind index to match on.

Values are encrypted with AES-256-GCM. A ciphertext starts with the four-byte number of its key, so keys can be rotated
while old ciphertexts stay readable. The blind index is HMAC-SHA256: equal values give equal indexes, and without the
key neither the value nor a guess at it can be checked. DuckDB computes the same index in bulk: see ``index_in_sql``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import workspace
from .errors import UserError

_NONCE_BYTES = 12
_NUMBER_BYTES = 4
_BLOCK_BYTES = 64


@dataclass(frozen=True)
class Keys:
    """The keys of one workspace: numbered encryption keys, which of them is current, and the index key."""

    encryption: dict[int, bytes]
    current: int
    index: bytes

    @classmethod
    def generate(cls) -> Keys:
        return cls({1: secrets.token_bytes(32)}, 1, secrets.token_bytes(32))

    def with_new_encryption_key(self) -> Keys:
        """The same keys and one more, which becomes the current one."""
        number = max(self.encryption) + 1
        return Keys({**self.encryption, number: secrets.token_bytes(32)}, number, self.index)

    def only_current(self) -> Keys:
        """Without the keys that nothing uses any more after a rotation."""
        return Keys({self.current: self.encryption[self.current]}, self.current, self.index)

    def encrypt(self, value: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return (
            self.current.to_bytes(_NUMBER_BYTES, "big") + nonce + self._cipher(self.current).encrypt(nonce, value, None)
        )

    def is_current(self, ciphertext: bytes) -> bool:
        """Whether a value was encrypted with the current key."""
        return key_number(ciphertext) == self.current

    def decrypt(self, ciphertext: bytes) -> bytes:
        ciphertext = bytes(ciphertext)
        number = int.from_bytes(ciphertext[:_NUMBER_BYTES], "big")
        nonce, body = (
            ciphertext[_NUMBER_BYTES : _NUMBER_BYTES + _NONCE_BYTES],
            ciphertext[_NUMBER_BYTES + _NONCE_BYTES :],
        )
        if number not in self.encryption:
            raise UserError(f"缺少第 {number} 号密钥", next_step="请从备份恢复完整的密钥文件。")
        try:
            return self._cipher(number).decrypt(nonce, body, None)
        except InvalidTag:
            raise UserError("密文与密钥不符", next_step="请确认密钥文件属于本工作区。") from None

    def encrypt_values(self, values: dict[str, str]) -> bytes:
        """A small dictionary of texts as one ciphertext."""
        return self.encrypt(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode())

    def decrypt_values(self, ciphertext: bytes | None) -> dict[str, str]:
        return json.loads(self.decrypt(ciphertext)) if ciphertext else {}

    def blind_index(self, value: str) -> str:
        """64 hexadecimal characters; equal values give equal indexes."""
        return hmac.new(self.index, value.encode(), hashlib.sha256).hexdigest()

    def index_in_sql(self, column: str) -> tuple[str, dict[str, bytes]]:
        """A DuckDB expression for ``blind_index`` of a text column, and the two parameters that it needs."""
        block = self.index.ljust(_BLOCK_BYTES, b"\0")
        parameters = {
            "index_outer": bytes(byte ^ 0x5C for byte in block),
            "index_inner": bytes(byte ^ 0x36 for byte in block),
        }
        return f"sha256($index_outer || unhex(sha256($index_inner || encode({column}))))", parameters

    def _cipher(self, number: int) -> AESGCM:
        return _cipher_of(self.encryption[number])

    def to_json(self) -> str:
        def text(key: bytes) -> str:
            return base64.b64encode(key).decode()

        return json.dumps(
            {
                "encryption": {str(number): text(key) for number, key in self.encryption.items()},
                "current": self.current,
                "index": text(self.index),
            },
            indent=2,
        )

    @classmethod
    def from_json(cls, text: str, *, place: str) -> Keys:
        try:
            content = json.loads(text)
            encryption = {int(number): base64.b64decode(key) for number, key in content["encryption"].items()}
            keys = cls(encryption, int(content["current"]), base64.b64decode(content["index"]))
            keys._cipher(keys.current)
        except (ValueError, KeyError, TypeError):
            raise UserError("密钥内容无法读取", place=place, next_step="请从备份恢复密钥。") from None
        return keys


@lru_cache(maxsize=16)
def _cipher_of(key: bytes) -> AESGCM:
    """Made once for each key: a register is a hundred thousand small values."""
    return AESGCM(key)


def key_number(ciphertext: bytes) -> int:
    """The number of the key that a value was encrypted with."""
    return int.from_bytes(bytes(ciphertext[:_NUMBER_BYTES]), "big")


_cached: tuple[object, Keys] | None = None


def load() -> Keys:
    """The keys of this workspace: the environment variable SHOUWANG_KEYS, or the file that only its owner reads.

    Raises UserError in one clear sentence when there are none or when others could read the file.
    """
    global _cached
    from_environment = os.environ.get("SHOUWANG_KEYS")
    if from_environment:
        mark: object = from_environment
        if _cached is None or _cached[0] != mark:
            _cached = (mark, Keys.from_json(from_environment, place="环境变量 SHOUWANG_KEYS"))
        return _cached[1]
    path = workspace.keys_file()
    try:
        status = path.stat()
    except FileNotFoundError:
        raise UserError(
            f"缺少密钥文件 {path}，无法读取证件号码",
            next_step="请从备份恢复该文件，或设置环境变量 SHOUWANG_KEYS；新建工作区请先运行 shouwang init。",
        ) from None
    if status.st_mode & 0o077:
        raise UserError(f"密钥文件 {path} 可被他人读取，已拒绝使用", next_step=f"请运行 chmod 600 {path} 后重试。")
    mark = (path, status.st_mtime_ns, status.st_size)
    if _cached is None or _cached[0] != mark:
        _cached = (mark, Keys.from_json(path.read_text(), place=str(path)))
    return _cached[1]


def save(keys: Keys, path: Path | None = None) -> None:
    workspace.private_file(path or workspace.keys_file(), keys.to_json().encode())


def create_if_missing() -> None:
    """A new workspace gets keys; an existing key file is never touched."""
    if not os.environ.get("SHOUWANG_KEYS") and not workspace.keys_file().exists():
        save(Keys.generate())
