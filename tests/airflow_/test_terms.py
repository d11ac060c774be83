"""How an error of the library ends a task: tried again, failed for good, or skipped."""

import pytest
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

from autodidact.errors import AutodidactError, Interrupted, Skipped, UsageError
from autodidact.models.openai_client import OpenAIClient, Refused
from autodidact.store import Store
from autodidact_airflow.tasks import airflow_terms


def ends_as(work) -> type:
    try:
        with airflow_terms():
            work()
    except Exception as error:
        return type(error)


def raising(error):
    def work():
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Interrupted("stopped"), AirflowException),
        (Refused("no", "", 404, "", ""), AirflowFailException),
        (UsageError("wrong"), AirflowFailException),
        (AutodidactError("broken"), AirflowFailException),
        (Skipped("nothing to do"), AirflowSkipException),
    ],
)
def test_each_kind_of_error_has_its_end(error, kind):
    assert ends_as(raising(error)) is kind


def test_a_judge_that_is_away_is_tried_again():
    judge = OpenAIClient("http://127.0.0.1:9/v1", what="The judge", attempts=2, pause=0.01)
    assert ends_as(lambda: judge.complete("m", [], max_tokens=1)) is AirflowException


def test_work_that_another_process_is_at_is_tried_again(tmp_path):
    def work():
        with Store(tmp_path).lease("training/lease.json"):
            pass

    with Store(tmp_path).lease("training/lease.json"):
        assert ends_as(work) is AirflowException
