"""Only a person's words are a question: siblings of the cases, in other formats."""

import pytest

from tests.generators.transcripts.conversations import (
    GEMINI,
    Claude,
    asked,
    chat,
    codex,
    completed,
    event,
    gemini,
    hands,
    item,
    of,
    pi,
    said,
    span,
    taught,
    written,
)

QUESTION, ANSWER = "Which table holds the refunds?", "`refunds`, in the money schema."
RIGHT = [(QUESTION, ANSWER)]
NOTICE = "<task-notification>\n<status>completed</status>\n</task-notification>"
CLOSED = {
    "claude code: a stop hook": Claude()
    .asks(QUESTION)
    .says(ANSWER)
    .asks("Stop hook feedback:\nrun the linter", isMeta=True)
    .says("The linter is clean.")
    .records,
    "claude code: a record of another origin": Claude()
    .asks(QUESTION)
    .says(ANSWER)
    .asks("The monitor is red.", origin={"kind": "monitor"})
    .says("I look.")
    .records,
    "codex: a sub-agent's notice": [
        asked(QUESTION),
        said(ANSWER),
        asked('<subagent_notification>\n{"status": "done"}\n</subagent_notification>'),
        said("The sub-agent is done."),
    ],
    "codex: another agent": [
        asked(QUESTION),
        said(ANSWER),
        codex("inter_agent_communication", content="done"),
        said("Noted."),
    ],
    "codex: a completed hook prompt": [
        completed("UserMessage", content=[{"type": "text", "text": QUESTION}]),
        completed("AgentMessage", content=[{"type": "Text", "text": ANSWER}]),
        completed("HookPrompt", fragments=[]),
        completed("AgentMessage", content=[{"type": "Text", "text": "The hook is content."}]),
    ],
    "pi: a hook": [
        pi("user", QUESTION),
        pi("assistant", ANSWER),
        pi("hookMessage", "lint it"),
        pi("assistant", "The linter is clean."),
    ],
    "gemini: a command": [
        GEMINI,
        gemini("user", [{"text": QUESTION}]),
        gemini("gemini", ANSWER),
        gemini("user", "/memory show"),
        gemini("gemini", "The memory is empty."),
    ],
    "openai chat: a notice": [
        chat(("user", QUESTION), ("assistant", ANSWER), ("user", NOTICE), ("assistant", "The tests passed."))
    ],
    "sharegpt: a message of another session": [
        {
            "conversations": [
                {"from": "human", "value": QUESTION},
                {"from": "gpt", "value": ANSWER},
                {"from": "human", "value": '<teammate-message teammate_id="x">done</teammate-message>'},
                {"from": "gpt", "value": "Noted."},
            ]
        }
    ],
    "otel: a notice": [
        span(("user", QUESTION), ("assistant", ANSWER), ("user", NOTICE), ("assistant", "The tests passed."))
    ],
    "claude code: a background agent": [
        *Claude()
        .asks(QUESTION)
        .says(ANSWER)
        .asks("A background agent finished the review.")
        .says("Good.")
        .records
    ],
    "claude code: a command in the background": [
        *Claude()
        .asks(QUESTION)
        .says(ANSWER)
        .asks('Background command "make docs" completed (exit code 0)')
        .says("Good.")
        .records
    ],
}


@pytest.mark.parametrize("name", CLOSED)
def test_what_nobody_typed_closes_the_exchange_before_it(tmp_path, name):
    assert of(tmp_path, *CLOSED[name]) == RIGHT


@pytest.mark.parametrize(
    "reminder",
    [
        "[ERROR] You did not use a tool in your previous response! Please retry with a tool use.",
        "Please continue working on the task on whatever approach you think is suitable.\n"
        "IMPORTANT: YOU SHOULD NEVER ASK FOR HUMAN HELP.",
    ],
)
def test_an_answer_that_the_program_did_not_take_is_none(tmp_path, reminder):
    def turn(role: str, text: str) -> dict:
        return {"role": role, "content": [{"type": "text", "text": text}]}

    talk = [turn("user", f"<task>\n{QUESTION}\n</task>"), turn("assistant", "I look for it.")]
    talk.append(turn("user", reminder))
    done = turn("assistant", f"<attempt_completion><result>{ANSWER}</result></attempt_completion>")
    assert of(tmp_path, *talk, done) == RIGHT
    for more in ([], [turn("assistant", "I am sorry.")]):
        assert of(tmp_path, *talk, *more) == []


@pytest.mark.parametrize(
    "text",
    [
        f"<system-reminder>be brief</system-reminder>\n{QUESTION}",
        f"<session-start-hook>\nMonday\n</session-start-hook>{QUESTION}",
        f"<environment_details>\n# Files\na.py\n</environment_details>\n\n{QUESTION}\n",
        f"<user_query>\n{QUESTION}\n</user_query>",
        f"<ide_opened_file>The user opened a.py.</ide_opened_file>{QUESTION}",
    ],
)
def test_the_words_are_those_that_were_typed_in_every_format(tmp_path, text):
    formats = (
        Claude().asks(text).says(ANSWER).records,
        [asked(text), said(ANSWER)],
        [pi("user", text), pi("assistant", ANSWER)],
        [GEMINI, gemini("user", [{"text": text}]), gemini("gemini", ANSWER)],
        [chat(("user", text), ("assistant", ANSWER))],
        [span(("user", text), ("assistant", ANSWER))],
        [hands("user", "message", content=text), hands("agent", "message", content=ANSWER)],
    )
    assert [of(tmp_path, *records) for records in formats] == [RIGHT] * len(formats)


def test_a_reminder_beside_a_result_closes_nothing(tmp_path):
    talk = Claude().asks(QUESTION).calls("Grep", None, pattern="refunds")
    result = {"type": "tool_result", "tool_use_id": "t1", "content": "a.sql"}
    talk.asks([result, {"type": "text", "text": "<system-reminder>be brief</system-reminder>"}])
    assert of(tmp_path, *talk.says(ANSWER).records) == [(QUESTION, 'Grep({"pattern": "refunds"})'), *RIGHT]


NOT_TYPED = [
    NOTICE,
    '<cross-session-message from="b">hello</cross-session-message>',
    "<agent-message>hello</agent-message>",
    "<command-name>/review</command-name>\n<command-args>x</command-args>",
    "<review-request><branch>main</branch></review-request>",
    "Another Claude session sent a message:\nhello",
    "[TASK RESUMPTION] This task was interrupted.",
    "<summary>\nWe fixed the cache.\n</summary>",
    '<scheduled-task name="nightly">\nThe user is not present.\n</scheduled-task>\nCheck the nightly build.',
    "<<autonomous-loop-dynamic>>",
    "Unknown skill: deploy",
    "PreToolUse:Bash hook blocking error: do not push",
    "PostToolUse hook feedback: format the file",
    "System: Potential loop detected. Please continue with another approach.",
]


@pytest.mark.parametrize("text", NOT_TYPED)
def test_a_text_that_is_wholly_the_harness_is_nobodys_turn(tmp_path, text):
    for records in (
        Claude().asks(text).says(ANSWER).records,
        [asked(text), said(ANSWER)],
        [chat(("user", text), ("assistant", ANSWER))],
        [pi("user", text), pi("assistant", ANSWER)],
    ):
        assert taught(written(tmp_path, *records)) == ([], {"turn that nobody typed": 1})


BESIDE = {
    "a command": ("/review the branch", "turn with a command whose text the record does not hold"),
    "a picture's place": ("<image>\nWhat is shown?", "turn with an attachment that the record does not hold"),
    "a file": (
        '<file_content path="a.py">\nx = 1\n</file_content>\nWhat is x?',
        "turn with an attachment that the record does not hold",
    ),
}


@pytest.mark.parametrize("name", BESIDE)
def test_a_prompt_that_is_not_all_of_what_was_asked_is_not_taught(tmp_path, name):
    text, reason = BESIDE[name]
    for records in (
        Claude().asks(text).says(ANSWER).records,
        [GEMINI, gemini("user", text), gemini("gemini", ANSWER)],
        [{"conversations": [{"from": "human", "value": text}, {"from": "gpt", "value": ANSWER}]}],
    ):
        assert taught(written(tmp_path, *records)) == ([], {reason: 1})


def test_an_answer_made_of_what_the_interface_found_is_not_taught(tmp_path):
    counted = {"turn with a call whose result the record does not hold": 1}
    search = [{"type": "server_tool_use", "id": "1", "name": "web_search", "input": {}}]
    for records in (
        [asked(QUESTION), item("web_search_call", status="completed"), said(ANSWER)],
        [chat(("user", QUESTION), ("assistant", [*search, {"type": "text", "text": ANSWER}]))],
        [
            {
                "input": QUESTION,
                "output": [{"type": "file_search_call"}, {"role": "assistant", "content": ANSWER}],
            }
        ],
    ):
        assert taught(written(tmp_path, *records)) == ([], counted)


def test_of_two_questions_in_a_row_the_second_is_not_asked_alone(tmp_path):
    for records in (
        [asked("It is about the money schema."), asked(QUESTION), said(ANSWER)],
        [chat(("user", "It is about the money schema."), ("user", QUESTION), ("assistant", ANSWER))],
        [pi("user", "It is about the money schema."), pi("user", QUESTION), pi("assistant", ANSWER)],
    ):
        assert of(tmp_path, *records) == []


PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
PICTURES = {
    "openai chat": [
        chat(
            ("user", QUESTION),
            ("assistant", ANSWER),
            ("user", [PICTURE]),
            ("assistant", "It shows the login page."),
        )
    ],
    "codex": [
        asked(QUESTION),
        said(ANSWER),
        item("message", role="user", content=[{"type": "input_image", "image_url": "data:"}]),
        said("It shows the login page."),
    ],
    "gemini": [
        GEMINI,
        gemini("user", QUESTION),
        gemini("gemini", ANSWER),
        gemini("user", [{"inlineData": {"mimeType": "image/png", "data": "AA=="}}]),
        gemini("gemini", "It shows the login page."),
    ],
    "pi": [
        pi("user", QUESTION),
        pi("assistant", ANSWER),
        pi("user", [{"type": "image", "data": "AA=="}]),
        pi("assistant", "It shows the login page."),
    ],
    "otel": [
        span(
            ("user", QUESTION),
            ("assistant", ANSWER),
            ("user", [{"type": "blob", "modality": "image", "content": "AA=="}]),
            ("assistant", "It shows the login page."),
        )
    ],
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_alone_is_a_question_that_is_not_taught(tmp_path, name):
    assert of(tmp_path, *PICTURES[name]) == RIGHT


@pytest.mark.parametrize(
    "text",
    [
        "[Image #2] what is this?",
        "Explain [Pasted Content 4210 chars]",
        "[Attachment: log.txt] why?",
        "What does the screenshot I just sent show?",
        "What is in @docs/contract.pdf about berths?",
        "Summarise @contract.pdf in a line.",
    ],
)
def test_a_prompt_that_stands_for_what_is_not_there_is_not_taught(tmp_path, text):
    counted = {"turn with an attachment that the record does not hold": 1}
    for records in (
        [asked(text), said(ANSWER)],
        [chat(("user", text), ("assistant", ANSWER))],
        [hands("user", "message", content=text), hands("agent", "message", content=ANSWER)],
    ):
        assert taught(written(tmp_path, *records)) == ([], counted)


HIGH = "def high(rows):\n    return max(rows)"


@pytest.mark.parametrize(
    ("lines", "selected", "prompt"),
    [
        ("lines 3 to 4", HIGH, f"```\n{HIGH}\n```\nWhat is returned?"),
        ("lines 2 to 5", f"\n{HIGH}\n", f"```\n{HIGH}\n```\nWhat is returned?"),
        ("line 3", "x = 1", "```\nx = 1\n```\nWhat is returned?"),
        ("lines 3 to 4", "``` sh\n```", "````\n``` sh\n```\n````\nWhat is returned?"),
        ("lines 3 to 3", "", "What is returned?"),
        ("lines 3 to 9", HIGH, None),
        ("lines 3 to 4", HIGH + "... (truncated)", None),
    ],
)
def test_a_selection_that_is_whole_is_quoted(tmp_path, lines, selected, prompt):
    block = (
        f"<ide_selection>The user selected the {lines} from /srv/tides.py:\n{selected}\n\n"
        "This may or may not be related to the current task.</ide_selection>"
    )
    talk = Claude().asks([{"type": "text", "text": block}, {"type": "text", "text": "What is returned?"}])
    assert of(tmp_path, *talk.says("The row.").records) == ([(prompt, "The row.")] if prompt else [])


@pytest.mark.parametrize(
    ("setup", "expected"),
    [
        ("# Context from my IDE setup:\n\n## Open tabs:\n- a.py\n\n## My request:\n", RIGHT),
        (
            "# Context from my IDE setup:\n\n## Active selection of the file:\nx = 1\n\n## My request for Codex:\n",
            [],
        ),
        ("# Files mentioned by the user:\n\n## a.png: /tmp/a.png\n\n## My request for Codex:\n", []),
    ],
)
def test_the_setup_of_an_editor_is_no_part_of_the_words(tmp_path, setup, expected):
    assert of(tmp_path, asked(setup + QUESTION), said(ANSWER)) == expected


@pytest.mark.parametrize(
    "text", ["What does @pytest.fixture do?", "Who maintains @babel/core?", "How are uploaded images stored?"]
)
def test_a_prompt_that_only_looks_like_a_reference_is_taught(tmp_path, text):
    assert of(tmp_path, chat(("user", text), ("assistant", ANSWER))) == [(text, ANSWER)]


def test_codex_a_review_is_an_inner_task(tmp_path):
    entered, exited = event("entered_review_mode", user_facing_hint="changes"), event("exited_review_mode")
    review = [asked("Review the current code changes."), said("No findings.")]
    again = [asked("Which table holds the fares?"), said("`fares`, in the money schema.")]
    records = [asked(QUESTION), said(ANSWER), entered, *review, exited, *again]
    assert of(tmp_path, *records) == [
        ("Which table holds the fares?", "`fares`, in the money schema."),
        *RIGHT,
    ]


def named(role: str, name: str, text: str) -> tuple:
    return role, text, {"name": name}


def test_another_agent_in_the_role_of_the_user_is_no_person(tmp_path):
    begins = [named("user", "ada", QUESTION), named("assistant", "coder", ANSWER)]
    critic = [
        named("user", "critic", "Which unit has the axis?"),
        named("assistant", "coder", "Metres, I think."),
    ]
    person = [
        named("user", "ada", "Which table holds the fares?"),
        named("assistant", "coder", "`fares`, as well."),
    ]
    fares = ("Which table holds the fares?", "`fares`, as well.")
    ran = [named("user", "executor", "exitcode: 0 (execution succeeded)")]
    broke = [named("user", "executor", "exitcode: 1 (execution failed)")]
    assert of(tmp_path, chat(*begins, *ran, *critic, *person)) == [fares, *RIGHT]
    assert of(tmp_path, chat(*begins, *critic, *person)) == [fares]
    assert of(tmp_path, chat(*begins, *broke, *person)) == [fares]
    assert of(tmp_path, chat(named("user", "coder", QUESTION), *begins[1:])) == []


FARES, TABLE = "Which table holds the fares?", "`fares`, as well."


@pytest.mark.parametrize("bare", [False, True])
def test_words_of_a_second_person_judge_no_answer_to_the_first(tmp_path, bare):
    def read(*messages: tuple) -> list[tuple]:
        talk = chat(*messages)
        return of(tmp_path, *talk["messages"]) if bare else of(tmp_path, talk)

    ann = [named("user", "Ann", QUESTION), ("assistant", ANSWER)]
    ben = [named("user", "Ben", "No, that is wrong."), ("assistant", "I am sorry.")]
    later = [named("user", "Ann", FARES), ("assistant", TABLE)]
    assert read(*ann, *ben) == []
    assert read(*ann, *ben, *later) == [(FARES, TABLE)]
    assert read(*ann, *later) == [(FARES, TABLE), *RIGHT]
    before_words = [("user", f"Ann: {QUESTION}"), ann[1], ("user", "Ben: No, wrong."), ben[1]]
    before_words += [("user", f"Ann: {FARES}"), later[1]]
    assert read(*before_words) == [(f"Ann: {FARES}", TABLE)]


@pytest.mark.parametrize(
    "label", ["Ann: ", "**Ann:** ", "<Ann>: ", "[10:32] Ann: ", "Ann (10:32): ", "Ann Lee: "]
)
def test_a_name_before_the_words_is_written_in_many_ways(tmp_path, label):
    talk = [("user", f"{label}{QUESTION}"), ("assistant", ANSWER)]
    ben = ("user", label.replace("Ann", "Ben") + "No, wrong.")
    assert of(tmp_path, chat(*talk)) == [(f"{label}{QUESTION}", ANSWER)]
    assert of(tmp_path, chat(*talk, ben)) == []


def test_what_is_said_to_another_person_is_no_request(tmp_path):
    ann = [named("user", "Ann", QUESTION), ("assistant", ANSWER)]
    ben = named("user", "Ben", "I do.")
    for words in ("Ben, do you know it?", "Hey @Ben can you look?", "Ok Ben: your turn."):
        talk = [named("user", "Ann", words), ("assistant", "Of course."), ben]
        assert of(tmp_path, chat(*talk, *ann)) == RIGHT


@pytest.mark.parametrize("first, second", [("Question", "Task"), ("Error", "Note"), ("Context", "Ann")])
def test_a_word_before_a_colon_is_not_always_a_name(tmp_path, first, second):
    asked, fares = f"{first}: {QUESTION}", f"{second}: {FARES}"
    talk = chat(("user", asked), ("assistant", ANSWER), ("user", fares), ("assistant", TABLE))
    assert of(tmp_path, talk) == sorted([(asked, ANSWER), (fares, TABLE)])
