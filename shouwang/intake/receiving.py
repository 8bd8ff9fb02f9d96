"""Takes a file in at the door: a fingerprint, an encrypted copy, and one batch however often the same file comes."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.db import IntegrityError, transaction

from shouwang.foundation import secrets, workspace
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.foundation.secrets import Keys
from shouwang.organisation.models import Account

from .models import Batch, BatchState

_PIECE = 1 << 20  # small enough to stay in the processor's cache: half the time of eight times as much
_LENGTH_BYTES = 4


def receive(
    *,
    path: Path,
    purpose: str,
    dataset: str,
    region_code: str,
    period: Month | str,
    sender: str = "",
    by: Account | None,
    now: dt.datetime,
    file_name: str = "",
) -> tuple[Batch, bool]:
    """The batch of this file, and whether there is still work to do for it.

    The same file for the same dataset, region and period gives the batch that is there; False when it is in force already.
    A batch that a crash left as received is given again with True: the work may be done again without harm. After a
    refusal or a reversal the file counts as new. The copy is written whole before the batch is recorded.
    """
    digest, size = keep_copy(path, secrets.load())
    key = {
        "purpose": purpose,
        "dataset": dataset,
        "region_code": region_code,
        "period": str(period),
        "file_hash": digest,
    }
    in_force = Batch.objects.filter(**key, state__in=(BatchState.RECEIVED, BatchState.APPLIED), split_from=None)
    batch = in_force.first()
    if batch is None:
        try:
            with transaction.atomic():
                batch = Batch.objects.create(
                    **key,
                    sender=sender,
                    file_name=file_name or path.name,
                    file_size=size,
                    received_at=now,
                    received_by=by,
                )
        except IntegrityError:  # the same file came twice at the same moment
            batch = in_force.get()
    return batch, batch.state != BatchState.APPLIED


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file, as 64 hexadecimal characters."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def keep_copy(path: Path, keys: Keys) -> tuple[str, int]:
    """Fingerprint and size of a file; its copy is encrypted piece by piece and there whole or not at all."""
    folder = workspace.private_folder(workspace.received_folder())
    temporary = folder / f".{os.getpid()}.{path.name}"
    hasher, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as source, _private(temporary) as target:
            while piece := source.read(_PIECE):
                hasher.update(piece)
                size += len(piece)
                _write_piece(target, keys.encrypt(piece))
            target.flush()
            os.fsync(target.fileno())
        digest = hasher.hexdigest()
        temporary.replace(copy_of(digest))
    finally:
        temporary.unlink(missing_ok=True)
    return digest, size


def copy_of(digest: str) -> Path:
    """Where the encrypted copy of a file lies."""
    return workspace.private_folder(workspace.received_folder() / digest[:2]) / f"{digest}.enc"


def pieces_of(digest: str, keys: Keys) -> Iterator[bytes]:
    """The bytes of a received file, piece by piece. Raises UserError when the copy is gone or cut off."""
    path = copy_of(digest)
    try:
        with path.open("rb") as stream:
            for piece in _read_pieces(stream, path):
                yield keys.decrypt(piece)
    except FileNotFoundError:
        raise UserError(
            "收到的原文件不在存档里", place=str(path), next_step="请从备份恢复，或请报送单位重发。"
        ) from None


def restore(batch: Batch, path: Path) -> None:
    """Writes a received file as it came, readable by its owner only."""
    with _private(path) as target:
        for piece in pieces_of(batch.file_hash, secrets.load()):
            target.write(piece)


def encrypt_copies_anew(keys: Keys) -> int:
    """Brings every copy under the current key, one file at a time; returns how many were changed. May run again."""
    count = 0
    for path in sorted(workspace.received_folder().glob("*/*.enc")):
        with path.open("rb") as stream:
            pieces = list(_read_pieces(stream, path, is_first_only=True))
        if all(keys.is_current(piece) for piece in pieces):
            continue
        temporary = path.with_name(f".{os.getpid()}.{path.name}")
        with path.open("rb") as source, _private(temporary) as target:
            for piece in _read_pieces(source, path):
                _write_piece(target, keys.encrypt(keys.decrypt(piece)))
            target.flush()
            os.fsync(target.fileno())
        temporary.replace(path)
        count += 1
    return count


def _private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _write_piece(stream: BinaryIO, piece: bytes) -> None:
    stream.write(len(piece).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(piece)


def _read_pieces(stream: BinaryIO, path: Path, *, is_first_only: bool = False) -> Iterator[bytes]:
    while head := stream.read(_LENGTH_BYTES):
        length = int.from_bytes(head, "big")
        piece = stream.read(length)
        if len(head) < _LENGTH_BYTES or len(piece) < length:
            raise UserError("存档的原文件不完整", place=str(path), next_step="请从备份恢复。")
        yield piece
        if is_first_only:
            return
