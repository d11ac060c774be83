from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from autodidact_airflow.window_of_run import window_of

NOON = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
MIDNIGHT = NOON - timedelta(hours=12)


def test_a_scheduled_run_is_live_and_ends_with_its_interval():
    assert window_of("scheduled", NOON, MIDNIGHT, NOON) == (None, NOON, False)


def test_a_run_without_a_date_ends_when_it_was_due():
    assert window_of("manual", NOON, None, None) == (None, NOON, False)


def test_a_late_scheduled_run_is_still_live():
    assert window_of("scheduled", NOON + timedelta(hours=11), MIDNIGHT, NOON).historical is False


def test_a_backfill_is_known_by_airflows_own_type():
    from airflow.sdk.api.datamodels._generated import DagRunType

    assert window_of(DagRunType.BACKFILL, NOON, MIDNIGHT, NOON).historical is True
    assert window_of(DagRunType.SCHEDULED, NOON, MIDNIGHT, NOON).historical is False


def test_a_backfill_stands_for_its_interval_literally():
    assert window_of("backfill", NOON, MIDNIGHT, NOON) == (MIDNIGHT, NOON, True)


def test_a_date_of_last_week_is_history():
    assert window_of("manual", NOON + timedelta(days=7), MIDNIGHT, NOON) == (MIDNIGHT, NOON, True)


@pytest.mark.parametrize(
    ("kind", "end", "complaint"),
    [
        (
            "backfill",
            datetime(2026, 2, 1, tzinfo=timezone.utc),
            "shop has no commit before 2026-02-01T00:00:00Z. Choose a later end",
        ),
        ("manual", NOON.replace(year=2999), "The window ends in the future: 2999-11-23T12:00:00Z"),
    ],
)
def test_a_run_with_an_odd_date_fails_at_once_and_in_one_line(
    tmp_path, sandbox, monkeypatch, kind, end, complaint
):
    from airflow.sdk.exceptions import AirflowFailException

    from autodidact_airflow import runtime_from_connections, tasks

    sandbox.commit("Begin", {"a.py": "x = 1\n"})
    monkeypatch.setattr(runtime_from_connections, "fill_environment", lambda: None)  # no Connections here
    monkeypatch.setenv("AUTODIDACT_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("AUTODIDACT_CHRONICLE__URL", f"sqlite:///{tmp_path}/chronicle.db")
    monkeypatch.setenv("AUTODIDACT_SOURCES__REPOSITORY", str(sandbox.path))
    with pytest.raises(AirflowFailException, match=complaint) as caught:
        tasks.open_cycle({}, SimpleNamespace(run_type=kind, run_after=end), end - timedelta(hours=12), end)
    assert "\n" not in str(caught.value)
