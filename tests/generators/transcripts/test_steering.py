"""What a person says before the answer is ready is their turn, and nothing of the answer before it is taught."""

import pytest

from tests.generators.transcripts.conversations import (
    AT,
    Claude,
    asked,
    chat,
    event,
    of,
    pi,
    ran,
    said,
    tool_call,
)

QUESTION, ANSWER = "Which table holds the refunds?", "`refunds`, in the money schema."
STEER = "only add an index instead"
EDIT = {"cmd": "sed -i s/pier/berth/ db/003.sql"}
STEERED = {
    "claude code: an attachment alone": Claude()
    .asks("Rename the column.")
    .calls("Edit", "done", file_path="db/003.sql")
    .other(
        {
            "type": "attachment",
            "uuid": "q",
            "parentUuid": "u2",
            "timestamp": AT,
            "attachment": {"type": "queued_command", "prompt": [{"type": "text", "text": STEER}]},
        }
    )
    .says("The migration now only adds an index.")
    .records,
    "claude code: an attachment without a place in the tree": Claude()
    .asks("Rename the column.")
    .calls("Edit", "done", file_path="db/003.sql")
    .other({"type": "attachment", "timestamp": AT, "attachment": {"type": "queued_command", "prompt": STEER}})
    .says("The migration now only adds an index.")
    .records,
    "claude code: after a notice": Claude()
    .asks("Rename the column.")
    .calls("Edit", "done", file_path="db/003.sql")
    .asks("<task-notification>\n<status>completed</status>\n</task-notification>")
    .says("The tests passed.")
    .other({"type": "attachment", "timestamp": AT, "attachment": {"type": "queued_command", "prompt": STEER}})
    .says("The migration now only adds an index.")
    .records,
    "claude code: a queue alone": Claude()
    .asks("Rename the column.")
    .calls("Edit", "done", file_path="db/003.sql")
    .other({"type": "queue-operation", "operation": "enqueue", "content": STEER, "sessionId": "s"})
    .other({"type": "queue-operation", "operation": "remove", "sessionId": "s"})
    .says("The migration now only adds an index.")
    .records,
    "codex: between two calls of a turn": [
        event("task_started"),
        asked("Rename the column."),
        *ran(EDIT["cmd"], "Exit code: 0\nOutput:\n"),
        asked(STEER),
        said("The migration now only adds an index."),
        event("task_complete"),
    ],
    "codex: after a result, without an answer": [
        asked("Rename the column."),
        *ran(EDIT["cmd"], "Exit code: 0\nOutput:\n"),
        asked(STEER),
        said("The migration now only adds an index."),
    ],
    "pi: after a result, without an answer": [
        pi("user", "Rename the column."),
        pi(
            "assistant",
            [{"type": "toolCall", "id": "t", "name": "edit", "arguments": {}}],
            stopReason="toolUse",
        ),
        pi("toolResult", "done", toolCallId="t"),
        pi("user", STEER),
        pi("assistant", "The migration now only adds an index."),
    ],
    "openai chat: after the result, without an answer": [
        chat(
            ("user", "Rename the column."),
            ("assistant", None, tool_call("edit", file="db/003.sql")),
            ("tool", "done", {"tool_call_id": "c1"}),
            ("user", STEER),
            ("assistant", "The migration now only adds an index."),
        )
    ],
    "openai chat: before the result": [
        chat(
            ("user", "Rename the column."),
            ("assistant", None, tool_call("edit", file="db/003.sql")),
            ("user", STEER),
            ("tool", "done", {"tool_call_id": "c1"}),
            ("assistant", "The migration now only adds an index."),
        )
    ],
    "cline: words instead of a consent": [
        {"role": "user", "content": [{"type": "text", "text": "<task>\nRename the column.\n</task>"}]},
        {
            "role": "assistant",
            "content": [
                {"type": "text", "text": "<execute_command><command>sed</command></execute_command>"}
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "[execute_command for 'sed'] Result:"},
                {
                    "type": "text",
                    "text": "The user denied this operation and provided the following"
                    f" feedback:\n<feedback>\n{STEER}\n</feedback>",
                },
            ],
        },
        {"role": "assistant", "content": [{"type": "text", "text": "The migration now only adds an index."}]},
    ],
}


@pytest.mark.parametrize("name", STEERED)
def test_what_a_person_said_before_the_answer_was_ready_is_their_turn(tmp_path, name):
    assert of(tmp_path, *STEERED[name]) == []


def test_a_task_that_was_queued_is_nobodys_words(tmp_path):
    talk = Claude().asks(QUESTION).says(ANSWER)
    told = '{"task_id": "b1", "tool_use_id": "t"}'
    talk.other({"type": "queue-operation", "operation": "enqueue", "content": told, "sessionId": "s"})
    talk.other({"type": "queue-operation", "operation": "remove", "sessionId": "s"}).says("The task is done.")
    assert of(tmp_path, *talk.records) == [(QUESTION, ANSWER)]


def test_words_that_waited_in_the_queue_for_the_next_turn_are_an_ordinary_question(tmp_path):
    talk = Claude().asks("How are you?")
    talk.other({"type": "queue-operation", "operation": "enqueue", "content": QUESTION, "sessionId": "s"})
    talk.says("Well.")
    talk.other({"type": "queue-operation", "operation": "dequeue", "sessionId": "s"})
    talk.asks(QUESTION).says(ANSWER)
    assert of(tmp_path, *talk.records) == [("How are you?", "Well."), (QUESTION, ANSWER)]
