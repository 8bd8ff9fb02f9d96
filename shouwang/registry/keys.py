"""Rotation and check of the keys: every ciphertext of the workspace under a new key, in pieces, again after a crash.

Every binary column of the database holds ciphertexts and nothing else; beside them are the copies of received files.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models, transaction

from shouwang.foundation import bulk, secrets, workspace
from shouwang.foundation.errors import UserError
from shouwang.foundation.progress import Progress, silent
from shouwang.foundation.secrets import Keys
from shouwang.intake import receiving
from shouwang.organisation import audit

from .models import Person

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

_PIECE = 2_000
_SAMPLE = 200


@dataclass
class Rotation:
    """What a rotation did: how many values and files came under the new key, and whether it finished an earlier one."""

    values: int = 0
    files: int = 0
    was_unfinished: bool = False


@dataclass
class Report:
    """What a check of the keys found. ``defects`` are sentences; none means that everything can be read."""

    by_key: dict[str, Counter[int]] = field(default_factory=dict)  # column → number of the key → values
    files: int = 0
    defects: list[str] = field(default_factory=list)


def rotate(*, by: Account | None, progress: Progress = silent) -> Rotation:
    """A new encryption key; every value and file is encrypted anew; the old key is dropped when nothing needs it.

    May be killed and run again: it goes on with the same new key. The blind index keeps its key. Raises UserError when the keys
    come from the environment, or a value cannot be read.
    """
    if os.environ.get("SHOUWANG_KEYS"):
        raise UserError(
            "密钥来自环境变量 SHOUWANG_KEYS，程序不能替换它", next_step="请改用密钥文件（取消该环境变量），再运行更换。"
        )
    rotation = Rotation()
    keys = secrets.load()
    rotation.was_unfinished = len(keys.encryption) > 1
    if not rotation.was_unfinished:
        keys = keys.with_new_encryption_key()
        secrets.save(keys)
    columns = list(_columns())
    for number, (model, name) in enumerate(columns):
        progress(f"重新加密：{model._meta.verbose_name}", number, len(columns))
        rotation.values += _encrypt_anew(model, name, keys)
    progress("重新加密收到的文件", len(columns), len(columns))
    rotation.files = receiving.encrypt_copies_anew(keys)
    with transaction.atomic():
        # Whoever writes now waits; what was written with the old key meanwhile is caught here.
        rotation.values += sum(_encrypt_anew(model, name, keys) for model, name in columns)
        audit.record(
            by=by, action="更换密钥", detail={"values": rotation.values, "files": rotation.files, "key": keys.current}
        )
        secrets.save(keys.only_current())
    return rotation


def check() -> Report:
    """Whether every key that is needed is there, every value can be read, and the blind index agrees with the numbers."""
    keys = secrets.load()
    report = Report()
    for model, name in _columns():
        label = f"{model._meta.verbose_name}·{model._meta.get_field(name).verbose_name}"  # type: ignore[union-attr]
        counts: Counter[int] = Counter()
        for place, (_, value) in enumerate(_values(model, name)):
            number = secrets.key_number(value)
            counts[number] += 1
            if number not in keys.encryption:
                continue
            if place % _SAMPLE == 0 or counts[number] == 1:
                try:
                    keys.decrypt(value)
                except UserError as error:
                    report.defects.append(f"{label}：{error}")
                    break
        report.by_key[label] = counts
        missing = [number for number in counts if number not in keys.encryption]
        report.defects += [
            f"{label}：{counts[number]:,} 个值需要第 {number} 号密钥，密钥文件里没有" for number in missing
        ]
    report.files = sum(1 for _ in workspace.received_folder().glob("*/*.enc"))
    report.defects += _index_defects(keys) if not report.defects else []
    return report


def _columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every column that holds ciphertexts, of whatever room."""
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, models.BinaryField) and model.__module__.startswith("shouwang."):
                yield model, column.name


def _values(model: type[models.Model], name: str) -> Iterator[tuple[Any, bytes]]:
    rows: Any = model._default_manager.filter(**{f"{name}__isnull": False}).order_by("pk")
    for key, value in rows.values_list("pk", name).iterator(chunk_size=_PIECE):
        if len(value):
            yield key, bytes(value)


def _encrypt_anew(model: type[models.Model], name: str, keys: Keys) -> int:
    """Brings one column under the current key, a piece at a time; returns how many values were changed."""
    count, last = 0, 0
    while True:
        rows: Any = model._default_manager.filter(pk__gt=last, **{f"{name}__isnull": False}).order_by("pk")
        piece = [(key, bytes(value)) for key, value in rows.values_list("pk", name)[:_PIECE]]
        if not piece:
            return count
        last = piece[-1][0]
        old = [(key, keys.encrypt(keys.decrypt(value))) for key, value in piece if value and not keys.is_current(value)]
        if old:
            with transaction.atomic():
                bulk.update(model, "id", [name], old)
            count += len(old)


def _index_defects(keys: Keys) -> list[str]:
    """The blind index of some persons against their numbers."""
    people = Person.objects.exclude(identity_index="").filter(secrets__isnull=False).order_by("pk")[:_SAMPLE]
    for person in people:
        number = keys.decrypt_values(bytes(person.secrets or b"")).get("证件号码", "")
        if keys.blind_index(number) != person.identity_index and keys.blind_index(number[:18]) != person.identity_index:
            return ["证件盲索引与证件号码不符：索引密钥不属于本工作区，请从备份恢复密钥文件"]
    return []
