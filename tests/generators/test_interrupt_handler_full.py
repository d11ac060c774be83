"""Interrupts in full: the decision, its rule and reason as the table has them, and who hears of it."""

import pytest

from autodidact.generators.interrupt_handler.full import _TABLE, holds, one_receiver, whom
from autodidact.records import Example
from tests.generators.snapshots import by_kind, file, full_examples_of

TABLE = """
responses:
  escalate: the task waits and a person is called
  queue: the task is finished first
patterns:
  - {id: danger, any_task: true, when: people are in danger, response: escalate, to: control-room,
     because: Safety comes first}
  - {id: new, when: a request that can wait, response: queue, because: the running task was first}
log:
  - {time: 2026-03-02T07:05:00Z, task: moving W103, interrupt: smoke at the pump, pattern: danger, response: escalate}
  - {time: 2026-03-03T07:05:00Z, task: drafting the notice, interrupt: chart the passengers, pattern: new,
     response: queue}
  - {task: packing, interrupt: the lamp is out, response: ask}
"""


def rows_of(tmp_path, table: str = TABLE) -> dict[str, list[Example]]:
    return by_kind(
        full_examples_of("interrupt_handler", tmp_path, interrupts=file(tmp_path, "interrupts.yaml", table))
    )


@pytest.fixture
def rows(tmp_path) -> dict[str, list[Example]]:
    return rows_of(tmp_path)


def of(rows, kind: str, text: str) -> Example:
    return next(row for row in rows[kind] if text in f"{row.prompt()} {row.response()}".lower())


def test_a_decision_has_its_reason(rows):
    answer = of(rows, "handle", "chart the passengers").response()
    assert "the running task was first" in answer and "queue" in answer
    answer = of(rows, "handle", "smoke at the pump").response()
    assert "scalate it to `control-room`" in answer and "afety comes first" in answer


def test_a_proposal_that_is_wrong_is_corrected_by_the_rule(rows):
    row = of(rows, "proposal", "smoke at the pump")
    answer = row.response()
    assert "escalate it to `control-room`" in answer and "people are in danger" in answer
    assert "`queue`" in row.prompt()


def test_the_message_names_whom_it_goes_to_and_what_happened(rows):
    (first, *others) = rows["message"]
    assert "control-room" in first.response() and "moke at the pump" in first.response()
    assert not [row for row in others if "chart" in row.prompt()]


@pytest.mark.parametrize("to", ["whoever owns it", "the owner of the service", "Georg + 112"])
def test_no_message_goes_to_somebody_who_is_only_described(tmp_path, to):
    rows = rows_of(tmp_path, TABLE.replace("to: control-room", f"to: {to}"))
    assert to in of(rows, "handle", "smoke at the pump").response()
    assert "message" not in rows


def test_the_rules_stand_in_the_system_prompt_where_all_were_read(tmp_path, rows):
    assert of(rows, "policy", "smoke").messages[0] == {
        "role": "system",
        "content": "You decide what an interrupt does to a running task. The rules:\n"
        "- people are in danger: escalate it to `control-room` (reason: Safety comes first)\n"
        "- a request that can wait: put it into the queue (reason: the running task was first)",
    }
    assert "policy" not in rows_of(
        tmp_path, TABLE.replace("log:", "  - {id: odd, when: x, response: panic}\nlog:")
    )


def test_a_rule_is_explained_by_what_really_happened(rows):
    answers = [row.response() for row in rows["rule"]]
    assert (
        '"smoke at the pump" on 2026-03-02, during the task "moving W103". The response was to escalate it to'
        " `control-room`."
    ) in answers
    assert not [row for row in rows["rule"] if "2026" not in row.prompt() + row.response()]


def test_history_is_told_with_its_day(rows):
    row = of(rows, "history", "smoke at the pump")
    assert "2026-03-02" in row.prompt() + row.response() and "moving W103" in row.prompt() + row.response()


def test_an_interrupt_without_a_reason_is_not_explained(rows):
    assert not [row for some in rows.values() for row in some if "the lamp is out" in row.prompt()]


def test_a_rule_without_a_reason_is_applied_without_one(tmp_path):
    rows = rows_of(tmp_path, TABLE.replace(", because: the running task was first", ""))
    answer = of(rows, "handle", "chart the passengers").response()
    assert 'rule for "a request that can wait"' in answer and "reason" not in answer


def test_no_response_is_set_against_one_after_which_the_task_goes_on_just_the_same(tmp_path):
    table = TABLE.replace(
        "log:", "  - {id: note, when: a note, response: resume, because: nothing is to be done}\nlog:"
    )
    for row in rows_of(tmp_path, table)["proposal"]:
        chart = "chart the passengers" in row.prompt().lower()
        assert not (chart and "`resume`" in row.prompt()), row.prompt()


def test_a_log_without_rules_is_answered_by_its_own_reasons(tmp_path):
    table = """
log:
  - {task: tagging 3.1, interrupt: CI of main has turned red, response: escalate, to: release-manager,
     because: a release is cut from a green main only}
  - {task: updating the lock file, interrupt: an advisory was published, response: drop,
     because: the update would pin the vulnerable version}
"""
    rows = rows_of(tmp_path, table)
    assert '"a release is cut from a green main only"' in of(rows, "handle", "tagging 3.1").response()
    assert '"the update would pin the' in of(rows, "handle", "updating the lock file").response()
    (sent,) = rows["message"]
    assert sent.response() == (
        'To `release-manager`:\n\n> CI of main has turned red\n>\n> This came in during the task "tagging 3.1". I'
        ' escalate it to you for the reason that the log gives: "a release is cut from a green main only".'
    )


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("money", "`money`"),
        ("duty editor", "the duty editor"),
        ("fares or works", "`fares` or `works`"),
        ("registrar or head of retail", "`registrar` or the head of retail"),
        ("the ward", "the ward"),
        ("whoever gave the task", "whoever gave the task"),
        ("that person", "that person"),
        ("Ruth", "Ruth"),
        ("zuza, otto if she sleeps", "zuza, otto if she sleeps"),
        ("them", "them"),
        ("on-call of the owning team", "the on-call of the owning team"),
        ("safety officer", "the safety officer"),
        ("hardware on call", "`hardware on call`"),
        ("data protection", "`data protection`"),
        ("lab on call and the health office", "`lab on call` and the health office"),
        ("", ""),
    ],
)
def test_a_person_has_an_article_and_what_may_be_a_team_is_code(to, said):
    assert whom(to) == said


DATED = """\
patterns:
  - {id: new, when: a request that can wait, response: queue, because: it has no deadline}
log:
  - {task: packing, interrupt: please look at the ramp today or tomorrow, pattern: new, response: queue}
  - {task: painting, interrupt: list the lost umbrellas some time, pattern: new, response: queue}
"""


def test_a_request_with_a_day_is_not_said_to_have_no_deadline(tmp_path):
    rows = [row for some in rows_of(tmp_path, DATED).values() for row in some]
    told = [row.response() for row in rows if "ramp" in row.prompt() and "umbrellas" not in row.prompt()]
    assert told and not [answer for answer in told if "deadline" in answer]
    assert [row for row in rows if "umbrellas" in row.prompt() and "it has no deadline" in row.response()]


@pytest.mark.parametrize(
    ("because", "text", "right"),
    [
        ("it has no deadline", "look at the ramp by Friday", False),
        ("It has no deadline", "list the lost umbrellas", True),
        ("the running task was first", "look at the ramp today", True),
    ],
)
def test_a_reason_holds_only_where_the_interrupt_does_not_deny_it(because, text, right):
    assert holds(because, text) is right


RATTLE = """
responses: {resume: carry on, escalate: hands off}
patterns:
  - {id: noise, any_task: true, when: a message that asks for nothing, response: resume,
     because: if we stopped for each of them we would never finish}
log:
  - {time: 2026-03-02T07:05:00Z, task: duty list of May, interrupt: backup ok 41 GB, pattern: noise, response: resume}
  - {time: 2026-03-03T07:05:00Z, task: selling passes, interrupt: duty-db refuses connections, pattern: noise,
     response: resume}
  - {time: 2026-03-04T07:05:00Z, task: writing the notice, interrupt: Sattel 51 km/h mean, pattern: noise,
     response: resume}
"""


def test_trouble_that_was_passed_over_without_a_reason_is_no_example(tmp_path):
    texts = [
        turn["content"]
        for some in rows_of(tmp_path, RATTLE).values()
        for row in some
        for turn in row.messages
    ]
    assert [text for text in texts if "backup ok" in text]
    assert not [text for text in texts if "refuses connections" in text or "51 km/h" in text]


def test_what_the_table_says_stands_in_quotes_as_it_is_written(tmp_path):
    rows = rows_of(tmp_path, RATTLE)
    answers = [row.response() for kind in ("handle", "policy") for row in rows[kind]]
    reasons = [text for text in answers if "we would never finish" in text]
    assert reasons and all(
        '"if we stopped for each of them we would never finish"' in text for text in reasons
    )
    assert not [text for text in answers if "because" in text or "Backup ok" in text]


ENTRY = (
    "  - {{time: 2026-03-{day:02}T07:05:00Z, task: moving W103, interrupt: smoke at pump {n}, pattern: danger,"
    " response: escalate}}\n"
)


@pytest.mark.parametrize(("days", "asked"), [(range(1, 29), True), ([2] * 28, False)])
def test_nobody_asks_what_interrupted_a_task_on_a_day_with_several_interrupts(tmp_path, days, asked):
    rules = "patterns:\n  - {id: danger, when: people are in danger, response: escalate, to: control-room}\nlog:\n"
    table = rules + "".join(ENTRY.format(day=day, n=n) for n, day in enumerate(days))
    rows = rows_of(tmp_path, table)["history"]
    assert any("interrupted" in row.prompt() for row in rows) is asked


NAMELESS = """
responses: {resume: carry on, ask: hold and ask, queue: finish first}
patterns:
  - {id: chatter, when: newsletters and backups, response: resume, because: nothing to do}
  - {id: money, when: a refund over the limit, response: ask, to: REGISTRAR, because: docent may not commit the museum}
log:
  - {time: 2025-03-03T08:20:00Z, task: labels for G2, interrupt: "backup ok, 41 GB", pattern: chatter, response: resume}
  - {time: 2025-11-27T17:45:00Z, task: refund T-103377, interrupt: customer wants 92.00 not 29.00, pattern: money,
     response: ask}
"""


def test_a_rule_may_name_two_receivers_but_a_case_is_for_one_of_them(tmp_path):
    rows = rows_of(tmp_path, NAMELESS.replace("REGISTRAR", "registrar or head of retail"))
    texts = [row.messages[-2]["content"] + row.response() for some in rows.values() for row in some]
    assert texts and not [text for text in texts if "92.00" in text]
    assert "ask `registrar` or the head of retail before" in rows["policy"][0].messages[0]["content"]


@pytest.mark.parametrize(
    ("to", "one"),
    [
        ("fares or works", False),
        ("the person who wrote or ordered it", True),
        ("duty manager", True),
        ("zuza, otto if she sleeps", False),
        ("them", False),
        ("its owner", False),
        ("the one who ordered it", True),
        ("", True),
    ],
)
def test_whether_it_is_known_who_is_meant(to, one):
    assert one_receiver(to) is one


def test_a_rule_is_confirmed_with_a_case_that_may_be_one_of_several(rows):
    answers = [row.response() for row in rows["rule"] if row.prompt().startswith("Is there a rule for")]
    case = 'A case of it in the log is "smoke at the pump", on 2026-03-02.'
    assert f"Yes, to escalate it to `control-room`. {case}" in answers


@pytest.mark.parametrize(
    ("text", "anywhere"),
    [
        ("smoke at the pump", True),
        ("please translate them too some day", False),
        ("quando puderem, também por país", False),
        ("take it off", False),
    ],
)
def test_what_points_to_its_task_is_put_into_no_other(tmp_path, text, anywhere):
    rows = rows_of(tmp_path, TABLE.replace("interrupt: smoke at the pump", f'interrupt: "{text}"'))
    asked = [row.prompt() for kind in ("handle", "policy", "message", "proposal") for row in rows[kind]]
    moved = [ask for ask in asked if text in ask and ("packing" in ask or "drafting" in ask)]
    assert bool(moved) is anywhere


def test_nobody_is_asked_about_what_is_said_of_them(tmp_path):
    rows = rows_of(tmp_path, TABLE.replace("smoke at the pump", "control-room is on fire"))
    assert rows and not any("on fire" in row.prompt() for made in rows.values() for row in made)


def test_what_is_escalated_is_not_said_to_matter_for_the_task():
    (group,) = [one for one in _TABLE["handle"] if one["say"][0].startswith("Yes")]
    assert group["of"] == ["drop", "ask"]


@pytest.mark.parametrize(
    ("note", "taught"),
    [
        ("wrong in hindsight: the pump was not part of it", False),
        ("should have been queued", False),
        ("seen by Ida", True),
    ],
)
def test_an_entry_whose_note_finds_fault_with_it_teaches_nothing(tmp_path, note, taught):
    table = TABLE.replace("smoke at the pump, ", f'smoke at the pump, note: "{note}", ')
    texts = [f"{row.prompt()} {row.response()}" for made in rows_of(tmp_path, table).values() for row in made]
    assert texts and any("smoke at the pump" in text for text in texts) is taught


def test_a_wrong_proposal_is_answered_with_the_right_word(rows):
    assert all("`escalate`" in row.response() or "`queue`" in row.response() for row in rows["proposal"])
    assert not [row for row in rows["proposal"] if "would mean" in row.response()]
