"""A snapshot that takes its texts from the one before shows what the database would have said, whatever came in between."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shouwang.registry import actions, kept_texts, snapshots
from tests.factories import NOW

from .samples import MAY, household, import_rows, monitored, outwork, person

_NO_BATCH = SimpleNamespace(pk=-1)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every snapshot that is written is held against one made from the database alone: sheet, how many rows came from a file."""
    seen: list[tuple[str, int]] = []
    with_texts = kept_texts.with_texts

    def both(plan: Any, batch: Any, **options: Any) -> str:
        run = plan.connection.execute
        with monkeypatch.context() as patched:
            patched.setattr(kept_texts, "_snapshot", lambda *_: None)
            query = with_texts(plan, _NO_BATCH, **options)  # type: ignore[arg-type]
            expected = run(f"SELECT * FROM ({query}) ORDER BY ALL").fetchall()
        query = with_texts(plan, batch, **options)
        assert run(f"SELECT * FROM ({query}) ORDER BY ALL").fetchall() == expected
        (told,) = run("SELECT count(*) FROM told_texts").fetchone()
        seen.append((options["kind"], len(expected) - told))
        return query

    monkeypatch.setattr(snapshots.kept_texts, "with_texts", both)
    return seen


def test_texts_are_those_of_the_database_after_every_kind_of_change(
    tmp_path: Path, compared: list[tuple[str, int]]
) -> None:
    import_rows(tmp_path, [person(1, 1), person(1, 2), person(2, 1)], period=MAY)
    import_rows(tmp_path, [household(1), household(2)], period=MAY)
    import_rows(tmp_path, [monitored(1)], period=MAY)
    import_rows(tmp_path, [outwork(1, 1)], period=MAY)
    few = {key: person(1, 1)[key] for key in ("县", "乡", "村", "户编号", "人口编号", "姓名", "证件号码", "健康状况")}
    changed = import_rows(tmp_path, [{**few, "健康状况": "残疾"}, person(1, 2), person(3, 1)])
    assert changed.batch
    actions.revert(batch=changed.batch, by=None, reason="发错了文件", now=NOW)
    import_rows(tmp_path, [person(1, 1, 文化程度="高中"), person(1, 2), person(2, 1, 户编号="5306300000001")])
    import_rows(tmp_path, [outwork(1, 2)])
    taken_over = [count for kind, count in compared if kind == "person"]
    assert taken_over == [0, 3, 2, 1, 3], "what nothing had changed came from the snapshot before"
