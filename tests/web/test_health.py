"""What an operator's monitor is told: whether the program can work, and nothing about anybody."""

from __future__ import annotations

import datetime as dt

from django.test import Client
from django.utils import timezone

from shouwang.jobs.models import Job

from .world import World


def test_a_sound_program_answers_without_signing_in(world: World) -> None:
    answer = Client().get("/health")
    assert (answer.status_code, set(answer.json().values())) == (200, {True})


def test_missing_keys_are_named(world: World, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("SHOUWANG_HOME", str(tmp_path))
    answer = Client().get("/health")
    assert answer.status_code == 503
    assert [name for name, is_sound in answer.json().items() if not is_sound] == ["keys"]


def test_work_that_nobody_does_is_named(world: World) -> None:
    job = Job.objects.create(recipe="screen", region_code="130630000000")
    Job.objects.filter(pk=job.pk).update(asked_at=timezone.now() - dt.timedelta(minutes=11))
    answer = Client().get("/health")
    assert (answer.status_code, answer.json()["background_work"]) == (503, False)
