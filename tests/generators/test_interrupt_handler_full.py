"""Interrupts in full: the decision, its reason, what becomes of the task, and who hears of it."""

import pytest

from autodidact.generators.interrupt_handler import full
from autodidact.generators.interrupt_handler.full import doing, effect_of, holds, reason, whom
from autodidact.generators.interrupt_handler.reason_phrases import adds_to_asking, one_receiver, why
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
    assert "escalate it to `control-room`" in answer and "afety comes first" in answer


def test_a_proposal_that_is_wrong_is_corrected_by_the_effects_of_both(rows):
    row = of(rows, "proposal", "smoke at the pump")
    answer = row.response()
    assert "escalate" in answer and "afety comes first" in answer and "`queue`" in row.prompt() + answer


def test_the_message_names_whom_it_goes_to_and_what_happened(rows):
    (first, *others) = rows["message"]
    assert "control-room" in first.response() and "moke at the pump" in first.response()
    assert not [row for row in others if "chart" in row.prompt()]


def test_the_rules_stand_in_the_system_prompt_where_all_were_read(tmp_path, rows):
    assert of(rows, "policy", "smoke").messages[0] == {
        "role": "system",
        "content": "You decide what an interrupt does to a running task. The rules:\n"
        "- People are in danger: escalate it to `control-room`, because safety comes first.\n"
        "- A request that can wait: put it into the queue, because the running task was first.",
    }
    assert "policy" not in rows_of(
        tmp_path, TABLE.replace("log:", "  - {id: odd, when: x, response: panic}\nlog:")
    )


def test_a_rule_is_explained_by_what_really_happened(rows):
    answers = [row.response() for row in rows["rule"]]
    assert (
        'On 2026-03-02 it was "smoke at the pump", while the orchestrator was moving W103. The rule says to escalate'
        " it to `control-room`, because safety comes first."
    ) in answers


def test_history_is_told_with_its_day(rows):
    row = of(rows, "history", "smoke at the pump")
    assert "2026-03-02" in row.prompt() + row.response() and "moving W103" in row.prompt() + row.response()


def test_what_follows_a_decision_is_asked_after_it(rows):
    row = of(rows, "aftermath", "smoke at the pump")
    assert [message["role"] for message in row.messages] == ["user", "assistant", "user", "assistant"]
    assert row.messages[1]["content"].startswith("I escalate it to `control-room`, because")


def test_what_becomes_of_the_task_is_not_asked_before_an_answer_that_leaves_it_out(rows):
    assert not [row for row in rows["aftermath"] if "what happens to" in row.messages[0]["content"]]
    shapes = [group for group in full._TABLE["handle"] if "I {verb}{own}." in group["say"]]
    assert shapes and not [ask for group in shapes[:1] for ask in group["ask"] if "what happens to" in ask]


def test_an_interrupt_without_a_reason_is_not_explained(rows):
    assert not [row for some in rows.values() for row in some if "the lamp is out" in row.prompt()]


def test_a_rule_without_a_reason_is_applied_without_one(tmp_path):
    rows = rows_of(tmp_path, TABLE.replace(", because: the running task was first", ""))
    answer = of(rows, "handle", "chart the passengers").response()
    assert 'rule for "a request that can wait"' in answer and "because" not in answer


def test_no_response_is_set_against_one_after_which_the_task_goes_on_just_the_same(tmp_path):
    table = TABLE.replace(
        "log:", "  - {id: note, when: a note, response: resume, because: nothing is to be done}\nlog:"
    )
    for row in rows_of(tmp_path, table)["proposal"]:
        chart = "chart the passengers" in row.prompt().lower()
        assert not (chart and "`resume`" in row.prompt()), row.prompt()


def test_of_two_interrupts_the_one_that_ends_the_task_is_not_followed_by_its_definition(tmp_path):
    table = TABLE.replace("response: escalate, to: control-room", "response: drop").replace(
        "response: escalate", "response: drop"
    )
    for row in rows_of(tmp_path, table).get("two", ()):
        assert row.response().lower().count("the task is given up") == 0


def test_a_log_without_rules_is_answered_by_its_own_reasons(tmp_path):
    table = """
log:
  - {task: tagging 3.1, interrupt: CI of main has turned red, response: escalate, to: release-manager,
     because: a release is cut from a green main only}
  - {task: updating the lock file, interrupt: an advisory was published, response: drop,
     because: the update would pin the vulnerable version}
"""
    rows = rows_of(tmp_path, table)
    assert "because a release is cut from a green main only" in of(rows, "handle", "tagging 3.1").response()
    assert "because the update would pin" in of(rows, "handle", "updating the lock file").response()
    (sent,) = rows["message"]
    assert sent.response() == (
        "To `release-manager`:\n\n> CI of main has turned red. This came in while I was tagging 3.1. I escalate it to"
        " you, because a release is cut from a green main only. Please tell me when I can go on."
    )


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("money", "`money`"),
        ("duty editor", "the duty editor"),
        ("fares or works", "`fares` or `works`"),
        ("registrar or head of retail", "the registrar or the head of retail"),
        ("the ward", "the ward"),
        ("whoever gave the task", "whoever gave the task"),
        ("", ""),
    ],
)
def test_a_role_has_its_article_and_a_name_of_one_word_is_code(to, said):
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


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("selling passes", "selling passes"),
        ("duty list of February", "busy with duty list of February"),
        ("the morning round", "busy with the morning round"),
        ("morning round", "busy with morning round"),
        ("table for 22", "busy with table for 22"),
    ],
)
def test_one_is_what_one_does_and_busy_with_a_thing(task, said):
    assert doing(task) == said


@pytest.mark.parametrize(
    ("effect", "shown", "other"),
    [
        ("the task goes on", "the task goes on", "with `drop`, the task goes on"),
        (
            "stop and do not finish",
            "`drop` means: stop and do not finish",
            "`drop` would mean: stop and do not finish",
        ),
        (
            "hands off until then",
            "`drop` means: hands off until then",
            "`drop` would mean: hands off until then",
        ),
        ("", "", ""),
    ],
)
def test_an_effect_that_is_no_clause_is_said_of_its_response(effect, shown, other):
    assert effect_of("drop", effect) == shown
    assert effect_of("drop", effect, hypothetical=True) == other


def test_a_reason_has_nothing_that_points_at_several():
    assert reason("If we stopped for each of them we would never finish") == (
        "if we stopped for each such interrupt we would never finish"
    )
    assert reason("Safety comes first") == "safety comes first"
    assert reason("Maeve Branagh signs above 60 euros") == "Maeve Branagh signs above 60 euros"
    assert whom("everybody on the list") == "everybody on the list"


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


def test_trouble_that_was_passed_over_without_a_reason_is_told_and_no_example(tmp_path):
    table = file(tmp_path, "i.yaml", RATTLE)
    rows = full_examples_of("interrupt_handler", tmp_path, interrupts=table)
    texts = [turn["content"] for row in rows for turn in row.messages]
    assert [text for text in texts if "backup ok" in text]
    asked = [text for text in texts if "refuses connections" in text or "51 km/h" in text]
    assert all(
        "log" in text
        or "What was done" in text
        or "What interrupted" in text
        or "2026-03-0" in text
        or "ever had something" in text
        for text in asked
    )
    assert not [text for text in texts if "each of them" in text or "was duty list" in text]
    assert [text for text in texts if "busy with duty list of May" in text]


@pytest.mark.parametrize(
    ("because", "said"),
    [
        ("safety comes first", ", because safety comes first"),
        ("trams pile up within ten minutes", ", because trams pile up within ten minutes"),
        ("docent may not commit the museum", ", because docent may not commit the museum"),
        ("no one will use it", ", because no one will use it"),
        (
            "the update would pin the vulnerable version",
            ", because the update would pin the vulnerable version",
        ),
        ("Maeve Branagh signs above 60 euros", ", because Maeve Branagh signs above 60 euros"),
        ("it changes nothing", ", because it changes nothing"),
        ("the lamp burns", ", because the lamp burns"),
        ("nothing to do", ' (reason by our table: "nothing to do")'),
        ("needs a second name", ' (reason by our table: "needs a second name")'),
        ("people first, objects second", ' (reason by our table: "people first, objects second")'),
        ("no deadline", ' (reason by our table: "no deadline")'),
        ("safety", ' (reason by our table: "safety")'),
        ("", ""),
    ],
)
def test_a_reason_that_is_no_clause_is_quoted(because, said):
    assert why(because) == said


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


def test_no_text_has_a_reason_that_is_no_clause_behind_because(tmp_path):
    rows = rows_of(tmp_path, NAMELESS.replace("REGISTRAR", "registrar"))
    texts = [turn["content"] for some in rows.values() for row in some for turn in row.messages]
    assert not [text for text in texts if "because nothing to do" in text or ", nothing to do" in text]
    assert (
        '- Newsletters and backups: carry on with the task (reason by our table: "nothing to do").'
        in (rows["policy"][0].messages[0]["content"])
    )


def test_what_an_answer_has_said_of_the_task_is_not_its_second_turn(tmp_path):
    rows = rows_of(tmp_path, NAMELESS.replace("REGISTRAR", "registrar"))
    assert not [row for row in rows.get("aftermath", ()) if "refund" in row.prompt()]
    longer = NAMELESS.replace("REGISTRAR", "registrar").replace(
        "hold and ask", "hold it until the person decides"
    )
    assert [row for row in rows_of(tmp_path, longer)["aftermath"] if "until the person" in row.response()]


@pytest.mark.parametrize(
    ("effect", "more"),
    [
        ("hold and ask", False),
        ("the task waits", True),
        ("hold the task until the person decides", True),
        ("", False),
    ],
)
def test_an_effect_that_only_holds_and_asks_adds_nothing(effect, more):
    assert adds_to_asking(effect) is more


def test_a_rule_may_name_two_receivers_but_a_case_is_for_one_of_them(tmp_path):
    rows = rows_of(tmp_path, NAMELESS.replace("REGISTRAR", "registrar or head of retail"))
    cases = [row for kind, some in rows.items() if kind != "rule" for row in some]
    assert cases and not [row for row in cases if "92.00" in row.messages[-2]["content"] + row.response()]
    assert [row for row in rows["rule"] if "ask the registrar or the head of retail" in row.response()]


@pytest.mark.parametrize(
    ("to", "one"),
    [
        ("fares or works", False),
        ("the person who wrote or ordered it", True),
        ("duty manager", True),
        ("", True),
    ],
)
def test_whether_it_is_known_who_is_meant(to, one):
    assert one_receiver(to) is one
