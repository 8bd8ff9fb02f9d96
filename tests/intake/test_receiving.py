"""The same file again, a crash in the middle, and what lies on the disk afterwards."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from shouwang.foundation import secrets, workspace
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.intake import receiving
from shouwang.intake.models import Batch, BatchState

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2022, 7, 1, 9, 0, tzinfo=dt.UTC)
JUNE = Month(2022, 6)


def receive(path: Path, **changed: object) -> tuple[Batch, bool]:
    usual = {"purpose": "feed", "dataset": "disability", "region_code": "130630000000", "period": JUNE}
    return receiving.receive(path=path, by=None, now=NOW, **{**usual, **changed})  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "残联六月.csv"
    path.write_bytes("残疾证号,姓名\n".encode() + b"x" * 100)
    return path


def test_a_file_is_one_batch_however_often_it_comes(file: Path) -> None:
    first, is_new = receive(file)
    assert is_new and first.file_name == "残联六月.csv" and first.period == "2022-06"
    Batch.objects.filter(pk=first.pk).update(state=BatchState.APPLIED, applied_at=NOW)
    copy = file.with_name("另一个名字.csv")
    copy.write_bytes(file.read_bytes())
    assert receive(copy) == (first, False)
    assert Batch.objects.count() == 1


def test_another_region_period_or_dataset_is_another_batch(file: Path) -> None:
    receive(file)
    for changed in ({"region_code": "130633000000"}, {"period": Month(2022, 7)}, {"dataset": "accident"}):
        assert receive(file, **changed)[1]
    assert Batch.objects.count() == 4


def test_work_that_a_crash_left_undone_is_given_again(file: Path) -> None:
    first, _ = receive(file)
    assert receive(file) == (first, True)


def test_a_reverted_or_refused_file_may_come_again(file: Path) -> None:
    first, _ = receive(file)
    Batch.objects.filter(pk=first.pk).update(state=BatchState.REVERTED, applied_at=NOW, reverted_at=NOW)
    second, is_new = receive(file)
    assert is_new and second.pk != first.pk


def test_the_copy_is_encrypted_and_comes_back_byte_for_byte(file: Path, tmp_path: Path) -> None:
    batch, _ = receive(file)
    copy = receiving.copy_of(batch.file_hash)
    assert "残疾证号".encode() not in copy.read_bytes()
    assert copy.stat().st_mode & 0o077 == 0 and workspace.received_folder().stat().st_mode & 0o077 == 0
    receiving.restore(batch, tmp_path / "back.csv")
    assert (tmp_path / "back.csv").read_bytes() == file.read_bytes()
    assert (tmp_path / "back.csv").stat().st_mode & 0o077 == 0


def test_a_copy_that_was_cut_off_is_said_to_be_so(file: Path, tmp_path: Path) -> None:
    batch, _ = receive(file)
    copy = receiving.copy_of(batch.file_hash)
    copy.write_bytes(copy.read_bytes()[:-10])
    with pytest.raises(UserError, match="不完整"):
        receiving.restore(batch, tmp_path / "back.csv")
    copy.unlink()
    with pytest.raises(UserError, match="不在存档里"):
        receiving.restore(batch, tmp_path / "back.csv")


def test_a_large_file_is_kept_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "_PIECE", 1000)
    path = tmp_path / "a.csv"
    path.write_bytes(bytes(range(256)) * 40)
    batch, _ = receive(path)
    receiving.restore(batch, tmp_path / "back.csv")
    assert (tmp_path / "back.csv").read_bytes() == path.read_bytes()


def test_copies_follow_a_new_key_and_nothing_needs_the_old_one(file: Path, tmp_path: Path) -> None:
    batch, _ = receive(file)
    secrets.save(secrets.load().with_new_encryption_key())
    assert receiving.encrypt_copies_anew(secrets.load()) == 1
    assert receiving.encrypt_copies_anew(secrets.load()) == 0
    secrets.save(secrets.load().only_current())
    receiving.restore(batch, tmp_path / "back.csv")
    assert (tmp_path / "back.csv").read_bytes() == file.read_bytes()


def test_nothing_is_left_behind_when_the_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        receive(tmp_path / "nowhere.csv")
    assert not Batch.objects.exists()
    assert not [path for path in workspace.received_folder().rglob("*") if path.is_file()]
