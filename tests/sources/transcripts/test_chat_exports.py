"""What people export from ChatGPT, Claude.ai, Open WebUI and LibreChat: the branch that was shown last."""

import pytest

from autodidact.sources.transcripts import Outcome
from tests.sources.transcripts.reading import read, told, write

ASKED, SAID, OTHER = "Which river flows through Vienna?", "The Danube.", "The Inn."
RIGHT = [(ASKED, [], 0, SAID)]
ONE_BACK = {"turn that was taken back": 1}
UNHELD = "with a call whose result the record does not hold"


def gpt(ident: str, parent: str | None, role: str, words: str, kind: str = "text", **more) -> dict:
    message = {
        "id": ident,
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": 1777888801.0,
        "content": {"content_type": kind, "parts": [words]},
        "status": "finished_successfully",
        "end_turn": role == "assistant" or None,
        "weight": 1.0,
        "metadata": {"finish_details": {"type": "stop"}} if role == "assistant" else {},
        "recipient": "all",
    }
    return {ident: {"id": ident, "message": message | more, "parent": parent, "children": []}}


def chatgpt(*nodes: dict, shown: str | None = None) -> dict:
    mapping: dict = {"r": {"id": "r", "message": None, "parent": None, "children": []}}
    for node in nodes:
        mapping |= node
    return {"title": "t", "create_time": 1777888800.1, "mapping": mapping, "current_node": shown}


def claude(ident: str, sender: str, words: str, **more) -> dict:
    content = [{"type": "text", "text": words, "citations": []}]
    files: dict = {"attachments": [], "files": []}
    return {"uuid": ident, "sender": sender, "text": words, "content": content} | files | more


def webui(ident: str, parent: str | None, role: str, words: str, **more) -> dict:
    return {"id": ident, "parentId": parent, "role": role, "content": words} | more


def of_webui(shown: str, *messages: dict) -> dict:
    tree = {message["id"]: message for message in messages}
    history = {"messages": tree, "currentId": shown}
    return {"id": "c", "title": "t", "archived": False, "chat": {"history": history, "messages": []}}


def libre(ident: str, parent: str, words: str, person: bool, **more) -> dict:
    own = {"messageId": ident, "parentMessageId": parent, "text": words, "isCreatedByUser": person}
    return own | {"sender": "User" if person else "GPT", "error": False, "unfinished": False} | more


@pytest.mark.parametrize(
    "record",
    [
        chatgpt(
            gpt("u", "r", "user", ASKED),
            gpt("a", "u", "assistant", OTHER),
            gpt("b", "u", "assistant", SAID),
            shown="b",
        ),
        chatgpt(
            gpt("u", "r", "user", ASKED), gpt("a", "u", "assistant", OTHER), gpt("b", "u", "assistant", SAID)
        ),
        {
            "chat_messages": [
                claude("1", "human", ASKED),
                claude("2", "assistant", OTHER),
                claude("3", "assistant", SAID),
            ]
        },
        {
            "chat_messages": [
                claude("1", "human", ASKED, parent_message_uuid="0"),
                claude("2", "assistant", SAID, parent_message_uuid="1"),
                claude("3", "assistant", OTHER, parent_message_uuid="1"),
            ],
            "current_leaf_message_uuid": "2",
        },
        of_webui(
            "b",
            webui("u", None, "user", ASKED),
            webui("a", "u", "assistant", OTHER, done=True),
            webui(
                "b",
                "u",
                "assistant",
                '<details type="reasoning" done="true">Hm.</details>\n' + SAID,
                done=True,
            ),
        ),
        {
            "messages": [
                libre("1", "0", ASKED, True),
                libre("2", "1", OTHER, False),
                libre("3", "1", SAID, False),
            ]
        },
        {
            "messages": [
                libre(
                    "1",
                    "0",
                    ASKED,
                    True,
                    children=[libre("2", "1", OTHER, False), libre("3", "1", SAID, False)],
                )
            ]
        },
    ],
)
def test_the_branch_that_was_shown_last_is_read_and_what_was_asked_for_again_counted(tmp_path, record):
    found, troubles, _ = read(write(tmp_path / "s.json", record))
    assert (told(found), troubles) == (RIGHT, ONE_BACK)
    assert [(exchange.outcome, exchange.lost) for exchange in found] == [(Outcome.SUCCEEDED, "")]


def test_a_question_that_was_worded_anew_takes_back_the_first_and_its_answer(tmp_path):
    record = chatgpt(
        gpt("u", "r", "user", "Which river?"),
        gpt("a", "u", "assistant", OTHER),
        gpt("v", "r", "user", ASKED),
        gpt("b", "v", "assistant", SAID),
        shown="b",
    )
    found, troubles, _ = read(write(tmp_path / "s.json", record))
    assert (told(found), troubles) == (RIGHT, {"turn that was taken back": 2})


def test_chatgpt_s_thoughts_instructions_and_system_prompt_are_nobody_s_words(tmp_path):
    record = chatgpt(
        gpt("s", "r", "system", ""),
        gpt("i", "s", "user", "I am a sailor.", kind="user_editable_context"),
        gpt("u", "i", "user", ASKED),
        gpt("t", "u", "assistant", "", kind="thoughts", metadata={"reasoning_status": "is_reasoning"}),
        gpt("a", "t", "assistant", SAID),
        shown="a",
    )
    found, troubles, _ = read(write(tmp_path / "s.json", record))
    assert (told(found), troubles, found[0].lost) == (RIGHT, {}, "")


@pytest.mark.parametrize(
    ("record", "outcome", "lost"),
    [
        (
            chatgpt(gpt("u", "r", "user", ASKED), gpt("a", "u", "assistant", SAID, status="in_progress")),
            "unknown",
            "",
        ),
        (
            chatgpt(
                gpt("u", "r", "user", ASKED),
                gpt("a", "u", "assistant", SAID, metadata={"finish_details": {"type": "interrupted"}}),
            ),
            "cut",
            "",
        ),
        (
            chatgpt(
                gpt("u", "r", "user", ASKED),
                gpt("c", "u", "assistant", "search()", kind="code", recipient="web"),
                gpt("t", "c", "tool", "A page."),
                gpt("a", "t", "assistant", SAID),
            ),
            "succeeded",
            UNHELD,
        ),
        (
            chatgpt(
                gpt("u", "r", "user", ASKED, metadata={"attachments": [{"id": "f"}]}),
                gpt("a", "u", "assistant", SAID),
            ),
            "succeeded",
            "with an attachment that the record does not hold",
        ),
        (
            {
                "chat_messages": [
                    claude("1", "human", ASKED, files=[{"file_name": "a.png"}]),
                    claude("2", "assistant", SAID),
                ]
            },
            "succeeded",
            "with an attachment that the record does not hold",
        ),
        (
            {"chat_messages": [claude("1", "human", ASKED), claude("2", "assistant", SAID, truncated=True)]},
            "cut",
            "",
        ),
        (
            of_webui("a", webui("u", None, "user", ASKED), webui("a", "u", "assistant", SAID, done=False)),
            "failed",
            "",
        ),
        (
            of_webui(
                "a",
                webui("u", None, "user", ASKED),
                webui("a", "u", "assistant", SAID, done=True, annotation={"rating": -1}),
            ),
            "refused",
            "",
        ),
        (
            of_webui(
                "a",
                webui("u", None, "user", ASKED),
                webui("a", "u", "assistant", SAID, done=True, sources=[{"source": {"name": "web"}}]),
            ),
            "succeeded",
            UNHELD,
        ),
        (
            {"messages": [libre("1", "0", ASKED, True), libre("2", "1", SAID, False, unfinished=True)]},
            "cut",
            "",
        ),
        (
            {"messages": [libre("1", "0", ASKED, True), libre("2", "1", SAID, False, error=True)]},
            "failed",
            "",
        ),
    ],
)
def test_an_answer_that_is_not_whole_or_rests_on_what_is_not_there(tmp_path, record, outcome, lost):
    [found], _, _ = read(write(tmp_path / "s.json", record))
    assert (found.outcome, found.lost) == (outcome, lost)


def test_parents_in_a_ring_and_a_message_of_an_unknown_form(tmp_path):
    ring = chatgpt(gpt("u", "a", "user", ASKED), gpt("a", "u", "assistant", SAID), shown="a")
    strange = {"mapping": {"1": {"parent": None, "message": {"fragments": [{"type": "REQUEST"}]}}}}
    found, troubles, _ = read(write(tmp_path / "s.jsonl", ring, strange))
    assert (told(found), troubles) == (RIGHT, {"unknown role": 1})


@pytest.mark.parametrize(
    ("words", "reply", "lost"),
    [
        ('<details type="reasoning">Hm.</details>The Danube.', SAID, ""),
        ("Use `</details>` last.", "Use `</details>` last.", ""),
        ('<details type="tool_calls">web</details>The Danube.', SAID, UNHELD),
        ('The Danube.<details type="reasoning">Hm', SAID, "with a part that is not understood (details)"),
    ],
)
def test_open_webui_s_blocks_within_an_answer(tmp_path, words, reply, lost):
    record = of_webui("a", webui("u", None, "user", ASKED), webui("a", "u", "assistant", words))
    [found], _, _ = read(write(tmp_path / "s.json", record))
    assert (found.reply, found.lost) == (reply, lost)
