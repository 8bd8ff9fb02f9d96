"""Keys change, everything stays readable, and a crash in the middle only means running the command again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import BinaryField

from shouwang.foundation import bulk, secrets
from shouwang.foundation.errors import UserError
from shouwang.intake import receiving
from shouwang.intake.models import Batch
from shouwang.organisation.models import AuditEvent
from shouwang.registry import keys, queries

from .samples import ZHANG, import_rows, person, the_person


@pytest.fixture
def register(tmp_path: Path) -> None:
    import_rows(tmp_path, [person(1, 1, 证件号码=ZHANG)], name="a.csv")
    import_rows(tmp_path, [person(1, 1, 证件号码=ZHANG, 健康状况="残疾"), person(1, 2, 证件号码="131102190001010016")])


def numbers_in_use() -> set[int]:
    return {number for counts in keys.check().by_key.values() for number in counts}


def readable() -> bool:
    sources = {source.heading: source for source in queries.field_sources(record=the_person("530630000000101"))}
    batch = Batch.objects.get(file_name="a.csv")
    content = b"".join(receiving.pieces_of(batch.file_hash, secrets.load())).decode()
    return sources["证件号码"].value == ZHANG and sources["健康状况"].previous[0].value == "健康" and ZHANG in content


def test_everything_comes_under_the_new_key_and_the_old_one_goes(register: None) -> None:
    before = secrets.load()
    done = keys.rotate(by=None)
    after = secrets.load()
    assert list(after.encryption) == [2] and after.current == 2 and after.index == before.index
    assert done.values == 3 and done.files == 2 and not done.was_unfinished
    assert numbers_in_use() == {2} and readable() and not keys.check().defects
    assert AuditEvent.objects.filter(action="更换密钥").count() == 1


def test_a_rotation_that_was_killed_goes_on_with_the_same_new_key(
    register: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = bulk.update, []

    def dies_later(*arguments: object, **options: object) -> int:
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(keys.bulk, "update", dies_later)
    with pytest.raises(KeyboardInterrupt):
        keys.rotate(by=None)
    assert numbers_in_use() == {1, 2} and readable(), "half rotated, everything can be read"
    monkeypatch.setattr(keys.bulk, "update", real)
    done = keys.rotate(by=None)
    assert done.was_unfinished and done.values == 2 and list(secrets.load().encryption) == [2] and readable()


def test_every_binary_column_of_the_product_is_rotated() -> None:
    known = {(model, name) for model, name in keys._columns()}
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, BinaryField) and model.__module__.startswith("shouwang."):
                assert (model, column.name) in known
    assert {model.__name__ for model, _ in known} >= {"Person", "Household", "Change", "RefusedRow", "PendingRow"}


def test_a_lost_key_and_a_foreign_index_are_named(register: None, home: Path) -> None:
    whole = secrets.load()
    secrets.save(secrets.Keys({9: b"x" * 32}, 9, whole.index))
    assert any("需要第 1 号密钥，密钥文件里没有" in defect for defect in keys.check().defects)
    secrets.save(secrets.Keys(whole.encryption, whole.current, b"y" * 32))
    assert keys.check().defects == ["证件盲索引与证件号码不符：索引密钥不属于本工作区，请从备份恢复密钥文件"]


def test_keys_from_the_environment_are_not_replaced(register: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_KEYS", secrets.load().to_json())
    with pytest.raises(UserError, match="SHOUWANG_KEYS"):
        keys.rotate(by=None)


def test_a_missing_key_is_one_clear_sentence(tmp_path: Path, home: Path) -> None:
    secrets.workspace.keys_file().unlink()
    with pytest.raises(UserError, match=r"缺少密钥文件.*请从备份恢复"):
        import_rows(tmp_path, [person(1, 1)])
