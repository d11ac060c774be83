"""Killed with SIGKILL after any item, a measurement goes on: at most one batch is asked again, and the scores
are those of an uninterrupted run.
"""

import random
import re

import pytest

from tests.benchmark import killing

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served():
    server = killing.Served()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def whole(served, tmp_path_factory):
    report, answered, judged = served.measure(tmp_path_factory.mktemp("whole"))
    assert (answered, len(report.items), report.judge_check["counted"]) == (135, 135, True)
    return report, judged


@pytest.mark.parametrize("k", random.Random(20261124).sample(range(1, 136), 3))
def test_killed_after_item_k_at_most_one_batch_is_asked_again(served, whole, tmp_path, k):
    report, judged = whole
    before, verdicts = served.killed_after(tmp_path, k)
    again, after, more = served.measure(tmp_path)
    assert killing.scores(again) == killing.scores(report) and again.categories == report.categories
    assert k <= before and before + after <= 135 + killing.BATCH
    assert verdicts + more <= judged + 8  # those that were under way


def test_a_judge_that_goes_down_fails_the_task_and_the_next_try_asks_nothing_twice(served, whole, tmp_path):
    report, judged = whole
    first = served.start(tmp_path)
    for line in first.stdout:
        if "batch" in line:  # calibrated by now
            served.down = True
            break
    _, errors = first.communicate(timeout=600)
    assert first.returncode == 1
    assert re.search(
        r"errors.Unavailable: The judge at \S+ does not answer after 6 attempts: status 503. Start it, then"
        r" run the same",
        errors,
    )
    assert not list(tmp_path.rglob("result.json")) and not (tmp_path / "report.json").exists()
    served.down = False
    again, after, more = served.measure(tmp_path)
    assert killing.scores(again) == killing.scores(report)
    assert after <= 135 and more <= judged
