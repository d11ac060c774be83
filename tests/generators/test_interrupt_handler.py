"""Interrupts: what was done, why, and what becomes of the task."""

import json
import re
from pathlib import Path

import pytest
import yaml

from autodidact.errors import Skipped
from autodidact.generators import interrupt_handler as shapes
from autodidact.settings import SAMPLES
from autodidact.sources.interrupts import read_interrupts
from autodidact.stage import Troubles
from tests.generators.snapshots import FULL, answers, examples_of, file, said, snapshot, troubles

TABLE = """
responses: {drop: the task is given up, escalate: "the task waits, a person is called at once"}
patterns:
  - {id: danger, any_task: true, when: people may be in danger, response: escalate, to: control, because: safety comes first}
  - {id: void, when: the reason for the task is gone, response: drop, because: its result would help nobody}
log:
  - {time: 2026-03-02T07:05:00Z, task: booking W103, interrupt: smoke at the pump, pattern: danger}
  - {time: 2026-03-03T07:05:00Z, task: moving W111, interrupt: W111 is cancelled, pattern: void, response: drop}
  - {time: 2026-12-24T07:05:00Z, task: wrapping, interrupt: the future, pattern: danger}
"""

MOVING = {"task": "moving W111", "text": "W111 is cancelled", "text_cap": "W111 is cancelled"}


@pytest.fixture
def told(tmp_path) -> dict[str, str]:
    return answers(
        examples_of("interrupt_handler", snapshot(tmp_path, interrupts=file(tmp_path, "i.yaml", TABLE)))
    )


def test_a_logged_interrupt_is_answered_with_decision_addressee_and_reason(told):
    answer = "Escalate to control: people may be in danger; safety comes first."
    assert (
        said(
            told,
            shapes.ASK["decide"],
            choice_cap=shapes.CHOICE.capitalize(),
            task="booking W103",
            text="smoke at the pump",
            text_cap="Smoke at the pump",
        )
        == answer
    )
    assert said(told, shapes.ASK["word"], **MOVING, choice=shapes.CHOICE) == "drop"


def test_what_becomes_of_the_task(told):
    assert said(told, shapes.ASK["after"][:2] + shapes.ASK["after"][3:], **MOVING) == "The task is given up."


def test_an_interrupt_that_any_task_yields_to_is_put_before_other_tasks(told):
    moved = {
        answer
        for ask, answer in told.items()
        if "moving W111" in ask and "moke at the pump" in ask and "W111 is cancelled" not in ask
    }
    assert len(moved) == 3 == shapes.OTHER_SHAPES  # the decision in three ways
    assert all("scalate" in answer or "ontrol" in answer or "person is called" in answer for answer in moved)
    assert not [
        ask for ask in told if "booking W103" in ask and "W111 is cancelled" in ask and "smoke" not in ask
    ]


def test_two_interrupts_at_once(told):
    (two,) = [
        answer for ask, answer in told.items() if "W111 is cancelled" in ask and "smoke at the pump" in ask
    ]
    drop = "Drop: the reason for the task is gone; its result would help nobody."
    escalate = "Escalate to control: people may be in danger; safety comes first."
    assert two in (f"1. {drop}\n2. {escalate}", f"1. {escalate}\n2. {drop}")


def test_proposals_are_confirmed_or_corrected(told):
    asked = "When it is people may be in danger, do I answer with {}?"
    assert told[asked.format("escalate")] == "Yes. Escalate to control: safety comes first."
    assert told[asked.format("queue")] == "No. Escalate to control: safety comes first."
    assert (
        told["When do you answer an interrupt with snooze?"]
        == "There is no `snooze` here. An interrupt is answered with resume, drop, queue, ask or escalate."
    )


def test_no_question_is_asked_twice(tmp_path):
    rows = list(
        examples_of(
            "interrupt_handler", snapshot(tmp_path, limit=3000, interrupts=str(SAMPLES / "interrupts.yaml"))
        )
    )
    assert len({row.prompt() for row in rows}) == len(rows) >= 1200


def test_logs_with_other_names_of_columns(tmp_path):
    log = (
        "timestamp,current_task,event,decision,reason,assignee\n1767225600,counting fares,fire drill,paged,it"
        " may be real,the warden\n"
    )
    told = list(
        examples_of("interrupt_handler", snapshot(tmp_path, interrupts=file(tmp_path, "log.csv", log)))
    )
    decided = next(row for row in told if row.source.ask == "decide")
    assert (decided.response(), decided.time) == (
        "Escalate to the warden: it may be real.",
        "2026-01-01T00:00:00Z",
    )


def test_the_patterns_are_rules_to_ask_for(told):
    assert (
        told["What is the rule for this interrupt: the reason for the task is gone?"]
        == "Drop: its result would help nobody."
    )
    assert (
        told["When do you answer an interrupt with escalate?"] == "When it is this: people may be in danger."
    )


def test_nothing_after_the_window_is_told(told):
    assert not [ask for ask in told if "the future" in ask]


def test_broken_entries_cost_themselves_alone(tmp_path):
    log = (
        '{"task": "a", "interrupt": "b", "response": "resume", "reason": "it is nothing"}\n{"task":'
        ' "a"}\n[1]\n{torn\n{"task": "a", "interrupt": "c", "response": "sing", "reason": "x"}\n{"task": "a",'
        ' "interrupt": "d", "response": "drop", "reason": "x", "time": "yesterday"}\n'
    )
    seen = snapshot(tmp_path, interrupts=file(tmp_path, "log.jsonl", log))
    told = answers(examples_of("interrupt_handler", seen))
    assert (
        said(
            told,
            shapes.ASK["decide"],
            choice_cap=shapes.CHOICE.capitalize(),
            task="a",
            text="b",
            text_cap="B",
        )
        == "Resume: it is nothing."
    )
    assert troubles(seen) == {
        "interrupt without task, text, known response or reason": 2,
        "not a record": 1,
        "not a time": 1,
        "incomplete line": 1,
    }


def test_an_entry_against_its_own_pattern_needs_a_reason(tmp_path):
    table = TABLE.replace("pattern: void, response: drop}", "pattern: void, response: queue}")
    seen = snapshot(tmp_path, interrupts=file(tmp_path, "i.yaml", table))
    assert not [ask for ask in answers(examples_of("interrupt_handler", seen)) if "W111 is cancelled" in ask]
    assert troubles(seen) == {"interrupt answered against its pattern, without a reason": 1}


def test_a_response_means_what_one_text_says(tmp_path):
    meaning = {"drop": " The task is\n given up. ", "queue": {"then": "it comes"}, "ask": " ", "resume": "a"}
    sections = yaml.safe_load(TABLE) | {"responses": meaning}
    read = read_interrupts(Path(file(tmp_path, "i.yaml", yaml.safe_dump(sections))), Troubles())
    assert read.effects == {"drop": "The task is given up", "resume": "a"}


def test_skipped_without_a_table(tmp_path):
    with pytest.raises(Skipped, match="sources.interrupts names no file"):
        list(examples_of("interrupt_handler", snapshot(tmp_path)))


def asked(tmp_path, name: str, text: str) -> dict[str, str]:
    made = examples_of(
        "interrupt_handler", snapshot(tmp_path, limit=3000, interrupts=file(tmp_path, name, text))
    )
    return answers([row for row in made if row.source.ask != "open book"])


LOG = "task,interrupt,decision,reason\nsorting mail,the bell rings,queued,it can wait\n"


@pytest.mark.parametrize(
    "log",
    [
        "task,interrupt,decision,reason,pager\nsorting mail,the bell rings,queued,it can wait,the warden\n",
        "task,interrupt,decision,reason,Wer\nsorting mail,the bell rings,queued,it can wait,Ada\n",
        "task,interrupt,decision,reason,on call\nsorting mail,the bell rings,queued,it can wait,bo\n",
    ],
)
def test_nobody_is_said_only_where_every_column_is_known(tmp_path, log):
    told = asked(tmp_path, "log.csv", log)
    assert "Queue: it can wait." in told.values()
    assert not [answer for answer in told.values() if "Nobody" in answer or '"to": null' in answer]
    plain = asked(
        tmp_path, "log.csv", "task,interrupt,decision,reason,to\na,b,queued,it can wait,-\n"
    ).values()
    assert [a for a in plain if "Nobody" in a] and [a for a in plain if '"to": null' in a]


def test_an_addressee_that_is_no_text_is_not_nobody(tmp_path):
    log = '{"task": "a", "interrupt": "b", "response": "ask", "reason": "c", "to": {"name": "bo"}}\n'
    assert not [answer for answer in asked(tmp_path, "l.jsonl", log).values() if "Nobody" in answer]
    told = asked(tmp_path, "l.jsonl", log.replace('{"name": "bo"}', '["bo", "ada"]'))
    assert "Ask bo and ada: c." in told.values()


@pytest.mark.parametrize(("to", "nobody"), [("-", True), ("n/a", True), ("TBD", False)])
def test_a_cell_that_holds_nothing_is_nobody_and_one_that_is_not_known_is_not(tmp_path, to, nobody):
    log = f"task,interrupt,decision,reason,to\nsorting mail,the bell rings,queued,it can wait,{to}\n"
    told = asked(tmp_path, "l.csv", log).values()
    assert "Queue: it can wait." in told and bool([a for a in told if "Nobody" in a]) == nobody


@pytest.mark.parametrize(
    "more",
    [
        "  - {task: wrapping, interrupt: a call, response: snooze, because: it is late}\n",
        "  - {task: wrapping, interrupt: a call}\n",
        "  - wrapping\n",
    ],
)
def test_a_lost_entry_silences_what_is_said_of_all_responses(tmp_path, more):
    told = asked(tmp_path, "i.yaml", TABLE + more)
    assert not [answer for answer in told.values() if "There is no" in answer]
    assert told["What is the rule for this interrupt: the reason for the task is gone?"]
    assert [answer for answer in asked(tmp_path, "i.yaml", TABLE).values() if "There is no" in answer]


def test_a_response_of_the_tables_own_silences_what_is_said_of_all_responses(tmp_path):
    told = asked(tmp_path, "i.yaml", TABLE.replace("responses: {", "responses: {snooze: the task sleeps, "))
    assert not [answer for answer in told.values() if "There is no" in answer]


def test_a_log_alone_does_not_say_which_responses_there_are(tmp_path):
    assert not [answer for answer in asked(tmp_path, "l.csv", LOG).values() if "There is no" in answer]


def test_a_lost_pattern_silences_the_list_of_patterns(tmp_path):
    table = TABLE.replace("log:", "  - {id: odd, when: a kayak is adrift, response: shout}\nlog:")
    told = asked(tmp_path, "i.yaml", table)
    assert not [answer for answer in told.values() if "When it is this" in answer]
    assert [answer for answer in asked(tmp_path, "i.yaml", TABLE).values() if "When it is this" in answer]


def test_what_a_response_does_is_said_where_the_table_says_it(tmp_path):
    told = asked(tmp_path, "i.yaml", TABLE)
    assert told["What does drop mean for the running task?"] == "The task is given up."
    assert "What does queue mean for the running task?" not in told
    assert not [answer for answer in asked(tmp_path, "l.csv", LOG).values() if "finished first" in answer]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("l.csv", "what,when\na,b\n", "its columns are `what` and `when`"),
        ("l.json", '{"events": []}', "its columns are `events`"),
        ("l.yaml", "log: [", "not YAML"),
    ],
)
def test_a_table_of_which_nothing_can_be_read_is_skipped_with_the_reason(tmp_path, name, text, why):
    with pytest.raises(Skipped, match=f"no interrupt and no pattern can be read of .*{name}: {why}"):
        asked(tmp_path, name, text)


def test_a_log_without_a_column_for_it_does_not_say_that_nobody_hears_of_it(tmp_path):
    told = asked(tmp_path, "log.csv", LOG).values()
    assert "Queue: it can wait." in told
    assert not [answer for answer in told if "Nobody" in answer or '"to": null' in answer]


def test_what_is_escalated_goes_to_somebody(tmp_path):
    log = "task,interrupt,decision,reason,to\ncopying,a hard error,escalate,it loses data,\n"
    told = asked(tmp_path, "log.csv", log).values()
    assert "Escalate: it loses data." in told and not [answer for answer in told if "Nobody" in answer]


def test_somebody_assigned_hears_of_what_is_asked_and_not_of_what_is_dropped(tmp_path):
    log = "task,interrupt,decision,reason,assignee\ncopying,a full disk,{},it ends,Kim\n"
    dropped = asked(tmp_path, "log.csv", log.format("drop")).values()
    assert "Drop: it ends." in dropped and not [answer for answer in dropped if "Kim" in answer]
    assert not [answer for answer in dropped if "Nobody" in answer]
    assert "Ask Kim: it ends." in asked(tmp_path, "log.csv", log.format("ask")).values()


ENTRY = {"task": "sorting mail", "interrupt": "the bell rings", "response": "queue", "because": "it waits"}


def read_log(tmp_path, **more) -> tuple[int, dict[str, int]]:
    """How many entries are read of one with further fields, and what is counted."""
    lost = Troubles()
    found = read_interrupts(Path(file(tmp_path, "l.jsonl", json.dumps(ENTRY | more) + "\n")), lost)
    return len(found.log), {one.reason: one.count for one in lost.list()}


@pytest.mark.parametrize(
    "more",
    [
        {"correct": False},
        {"approved": "no"},
        {"reverted": True},
        {"dry_run": True},
        {"expected": "drop"},
        {"status": "false positive"},
        {"status": "reopened"},
        {"result": "failed"},
        {"outcome": "the customer was lost"},
        {"comment": "wrong in hindsight"},
        {"type": "drill"},
    ],
)
def test_an_entry_that_one_of_its_fields_finds_fault_with_is_left_out(tmp_path, more):
    (name,) = more
    assert read_log(tmp_path, **more) == (0, {f"interrupt that its '{name}' finds fault with": 1})


@pytest.mark.parametrize("name", ["user_feedback", "nachbetrachtung", "confidence"])
def test_an_entry_with_a_column_that_is_not_known_is_left_out(tmp_path, name):
    counted = {f"interrupt with a column that is not known: '{name}'": 1}
    assert read_log(tmp_path, **{name: "no!! I said pause"}) == (0, counted)
    assert read_log(tmp_path, **{name: ""}) == (1, {})


@pytest.mark.parametrize(
    "more",
    [
        {"correct": True, "reverted": False, "dry_run": "no", "expected": "queue"},
        {"status": "resolved", "result": "ok", "outcome": "queued"},
        {"incident_number": 7, "created_at": "2026-01-01", "resolved_by": "auto", "severity": "error"},
        {"service": "web", "channel": "pager", "host": "db-1", "duration_ms": 12, "type": "alert"},
        {"note": "seen by Ida"},
    ],
)
def test_what_judges_no_entry_silences_none(tmp_path, more):
    assert read_log(tmp_path, **more) == (1, {})


@pytest.mark.parametrize(
    "more",
    [
        {"interrupt": "${alert.title}"},
        {"interrupt": "disk below {threshold}%"},
        {"interrupt": "[image]"},
        {"interrupt": "call from \u2588\u2588\u2588\u2588"},
        {"task": "deploy {service}"},
        {"task": "same"},
        {"because": "ditto"},
        {"because": "see above"},
        {"because": "Traceback (most recent call last): KeyError"},
    ],
)
def test_an_entry_with_something_to_fill_in_is_left_out(tmp_path, more):
    counted = {"interrupt without task, text, known response or reason": 1}
    assert read_log(tmp_path, **more) == (0, counted)


@pytest.mark.parametrize(
    ("more", "counted"),
    [
        ("enabled: false", "pattern that its 'enabled' finds fault with"),
        ("status: deprecated", "pattern that its 'status' finds fault with"),
        ("note: only on weekdays", "pattern that its 'note' finds fault with"),
        ("unless: release week", "pattern with a column that is not known: 'unless'"),
        ("service: web", "pattern with a column that is not known: 'service'"),
        ("valid_until: 2030-01-01", "pattern with a column that is not known: 'valid_until'"),
    ],
)
def test_a_pattern_that_does_not_hold_as_it_stands_is_left_out(tmp_path, more, counted):
    table = "patterns:\n  - {id: fax, when: the fax rings, response: ask, to: Ann, " + more + "}\n"
    lost = Troubles()
    assert read_interrupts(Path(file(tmp_path, "i.yaml", table)), lost).patterns == []
    assert {one.reason: one.count for one in lost.list()} == {counted: 1}


def test_a_pattern_that_holds_is_read_with_what_does_not_limit_it(tmp_path):
    more = "enabled: true, status: active, note: agreed with Ann, severity: low, owner: Bo, title: Fax"
    table = "patterns:\n  - {id: fax, when: the fax rings, response: ask, to: Ann, " + more + "}\n"
    assert len(read_interrupts(Path(file(tmp_path, "i.yaml", table)), Troubles()).patterns) == 1


def test_of_two_patterns_of_one_id_neither_is_read(tmp_path):
    table = (
        "patterns:\n  - {id: page, when: the pager fires, response: escalate, to: Ann}\n"
        "  - {id: page, when: nothing, response: drop}\n"
        "log:\n  - {task: reindex, interrupt: pager of db-1, pattern: page}\n"
    )
    lost = Troubles()
    found = read_interrupts(Path(file(tmp_path, "i.yaml", table)), lost)
    assert (found.patterns, found.log) == ([], [])
    assert {one.reason: one.count for one in lost.list()} == {
        "two patterns of one id": 2,
        "interrupt without task, text, known response or reason": 1,
    }


def test_no_question_needs_a_task_that_is_a_verb():
    # "index rebuild" is a task as well as "rebuilding the index".
    verb = re.compile(r"\b(?:you are|you were|colleague was|while|who is|that is) \{task\}", re.IGNORECASE)
    assert [ask for asks in shapes.ASK.values() for ask in asks if verb.search(ask)] == []


@pytest.mark.parametrize(
    ("because", "counted"),
    [
        ("auto-rule #4 (default)", "interrupt that nobody gave a reason for"),
        ("timeout - no human response in 300s", "interrupt that nobody gave a reason for"),
        ("see ticket", "interrupt that nobody gave a reason for"),
        ("See the thread #12.", "interrupt that nobody gave a reason for"),
        ("because he", "interrupt of which a text breaks off"),
        ("it is slow but", "interrupt of which a text breaks off"),
        ("the bell is f…", "interrupt of which a text breaks off"),
    ],
)
def test_what_nobody_gave_a_reason_for_or_breaks_off_teaches_nothing(tmp_path, because, counted):
    assert read_log(tmp_path, because=because) == (0, {counted: 1})


@pytest.mark.parametrize(
    "because",
    [
        "the timeout of the printer ends the job",
        "no response from the customer for a week",
        "automatic reply, nobody waits",
        "auto-resolved by the monitor; nothing is left to do",
        "see you at nine, they wrote",
        "nobody needs that",
    ],
)
def test_a_reason_that_only_resembles_these_is_read(tmp_path, because):
    assert read_log(tmp_path, because=because) == (1, {})


def test_an_interrupt_that_breaks_off_teaches_nothing(tmp_path):
    counted = {"interrupt of which a text breaks off": 1}
    assert read_log(tmp_path, interrupt="the amount is wr…") == (0, counted)


@pytest.mark.parametrize(
    ("first", "second", "kept", "counted"),
    [
        ("2026-01-02T09:00Z", "2026-02-02T09:00Z", ["drop"], {"interrupt decided otherwise later": 1}),
        ("2026-01-02T09:00Z", "2026-01-02T09:00Z", [], {"interrupt with two decisions": 2}),
        ("", "2026-02-02T09:00Z", [], {"interrupt with two decisions": 2}),
        # It is still to come at the end of the window.
        ("2026-01-02T09:00Z", "2099-02-02T09:00Z", ["queue"], {}),
    ],
)
def test_of_two_decisions_of_one_case_the_newer_one_counts_or_neither(tmp_path, first, second, kept, counted):
    log = (
        "time,task,interrupt,decision,reason,to\n"
        f"{first},counting shelf B,customer at the counter,queue,counting first,\n"
        f"{second},Counting shelf B,Customer at the counter!,drop,customers first,\n"
    )
    seen = snapshot(tmp_path, interrupts=file(tmp_path, "i.csv", log))
    found = shapes.read(seen).file.log
    assert ([entry.response for entry in found], troubles(seen)) == (kept, counted)


@pytest.mark.parametrize("register", [{}, {"settings": FULL}])
def test_what_ends_a_task_by_its_name_ends_no_other(tmp_path, register):
    table = """
responses: {drop: the task is given up, queue: the task is finished first}
patterns:
  - {id: stop, when: the requester withdraws, any_task: true, response: drop, because: nobody needs it any more}
  - {id: wish, when: a new wish, response: queue, because: it can wait}
log:
  - {task: restoring db-1, interrupt: a logo is wanted, pattern: wish}
  - {task: mailing the newsletter, interrupt: the newsletter was put off, pattern: stop}
  - {task: printing badges, interrupt: the fair is called off, pattern: stop}
"""
    seen = snapshot(tmp_path, interrupts=file(tmp_path, "i.yaml", table), **register)
    asked = [str(row.messages[-2]["content"]) for row in examples_of("interrupt_handler", seen)]
    of_db = [ask for ask in asked if "restoring db-1" in ask]
    assert [ask for ask in of_db if "newsletter was put off" in ask] == []
    assert [ask for ask in of_db if "fair is called off" in ask]
