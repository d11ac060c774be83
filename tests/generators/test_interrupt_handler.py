"""Interrupts: what was done, why, and what becomes of the task."""

import pytest
from snapshots import answers, file, snapshot, troubles

from autodidact.errors import Skipped
from autodidact.generators import interrupt_handler

TABLE = """
responses: {drop: the task is given up}
patterns:
  - {id: danger, any_task: true, when: people may be in danger, response: escalate, to: control, because: safety comes first}
  - {id: void, when: the reason for the task is gone, response: drop, because: its result would help nobody}
log:
  - {time: 2026-03-02T07:05:00Z, task: booking W103, interrupt: smoke at the pump, pattern: danger}
  - {time: 2026-03-03T07:05:00Z, task: moving W111, interrupt: W111 is cancelled, pattern: void, response: drop}
  - {time: 2026-12-24T07:05:00Z, task: wrapping, interrupt: the future, pattern: danger}
"""


@pytest.fixture
def told(tmp_path) -> dict[str, str]:
    return answers(list(interrupt_handler.generate(snapshot(tmp_path, interrupts=file(tmp_path, "i.yaml", TABLE)))))


def test_a_logged_interrupt_is_answered_with_decision_addressee_and_reason(told):
    answer = "Escalate to control: people may be in danger; safety comes first."
    assert told["Running: booking W103\nInterrupt: smoke at the pump\nWhat do you do?"] == answer
    assert told["Task: moving W111\nInterrupt: W111 is cancelled\nOne word: resume, drop, queue, ask or escalate?"] == "drop"


def test_what_becomes_of_the_task(told):
    assert told["You were moving W111 when this came in: W111 is cancelled. What becomes of the task?"] == "The task is given up."


def test_an_interrupt_that_any_task_yields_to_is_put_before_other_tasks(told):
    moved = [answer for ask, answer in told.items() if ask.startswith("Running: moving W111\nInterrupt: smoke at the pump")]
    assert moved == ["Escalate to control: people may be in danger; safety comes first."]
    assert not [ask for ask in told if "booking W103" in ask and "W111 is cancelled" in ask]


def test_the_patterns_are_rules_to_ask_for(told):
    assert told["What is the rule for this interrupt: the reason for the task is gone?"] == "Drop: its result would help nobody."
    assert told["When do you answer an interrupt with escalate?"] == "When it is this: people may be in danger."


def test_nothing_after_the_window_is_told(told):
    assert not [ask for ask in told if "the future" in ask]


def test_broken_entries_cost_themselves_alone(tmp_path):
    log = (
        '{"task": "a", "interrupt": "b", "response": "resume", "reason": "it is nothing"}\n{"task": "a"}\n[1]\n{torn\n'
        '{"task": "a", "interrupt": "c", "response": "sing", "reason": "x"}\n'
        '{"task": "a", "interrupt": "d", "response": "drop", "reason": "x", "time": "yesterday"}\n'
    )
    seen = snapshot(tmp_path, interrupts=file(tmp_path, "log.jsonl", log))
    told = answers(list(interrupt_handler.generate(seen)))
    assert told["Running: a\nInterrupt: b\nWhat do you do?"] == "Resume: it is nothing."
    assert troubles(seen) == {
        "interrupt without task, text, known response or reason": 2, "not a record": 1, "not a time": 1, "torn line": 1,
    }  # fmt: skip


def test_an_entry_against_its_own_pattern_needs_a_reason(tmp_path):
    table = TABLE.replace("pattern: void, response: drop}", "pattern: void, response: queue}")
    seen = snapshot(tmp_path, interrupts=file(tmp_path, "i.yaml", table))
    assert not [ask for ask in answers(list(interrupt_handler.generate(seen))) if "W111 is cancelled" in ask]
    assert troubles(seen) == {"interrupt answered against its pattern, without a reason": 1}


def test_skipped_without_a_table(tmp_path):
    with pytest.raises(Skipped, match="sources.interrupts names no file"):
        list(interrupt_handler.generate(snapshot(tmp_path)))
