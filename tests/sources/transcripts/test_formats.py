"""What every format can do: continue in the middle of a file, and say little about much."""

import json
import time

import pytest

from autodidact.sources.transcripts import Toolbox
from autodidact.sources.transcripts.formats import FORMATS
from autodidact.sources.transcripts.reader_base import Reading
from autodidact.stage import Troubles
from tests.generators.transcripts import conversations as of
from tests.sources.transcripts.reading import UNTIL, read, write

WARM, FOUR = "How warm is it in Oslo?", "Four degrees."
RUN = of.hands("agent", "run", command="weather oslo")
MARKDOWN = (
    f"# aider chat started at 2026-06-01 09:00:00\n\n#### {WARM}  \n#### Now.  \n\n{FOUR}\nAnd rain.\n\n> x  "
)
QUEUED = {"type": "queue-operation", "operation": "enqueue", "content": "And in Rome?", "sessionId": "s"}
GROWS = of.gemini("gemini", "Four")
TALKS = {
    "aider": [{"line of Markdown": line} for line in MARKDOWN.split("\n")],
    "codex": [
        of.codex("session_meta", source="cli"),
        of.event("task_started"),
        of.asked(WARM),
        *of.script("tools.weather({city: 'Oslo'})", "Script running with cell ID 4\n"),
        of.item("function_call", name="wait", arguments='{"cell_id": "4"}', call_id="w"),
        of.item(
            "function_call_output", call_id="w", output=[{"type": "input_text", "text": "Script completed\n"}]
        ),
        of.said(FOUR),
        of.asked("And in Rome?"),
    ],
    "gemini": [
        of.GEMINI,
        of.gemini("user", WARM),
        GROWS,
        GROWS
        | {"content": FOUR, "toolCalls": [{"id": "1", "name": "weather", "args": {}, "status": "success"}]},
        of.gemini("user", "And in Rome?"),
        GROWS | {"tokens": {"total": 9}},
        of.gemini("gemini", "Nineteen."),
    ],
    "openhands": [
        of.hands("user", "message", content=WARM),
        RUN,
        of.saw(RUN, "run", "4", exit_code=0),
        of.hands("agent", "delegate", agent="x"),
        of.hands("agent", "message", content="inner"),
        of.hands("agent", "finish", final_thought=FOUR),
    ],
    "cline": of.chat(
        ("user", f"<task>{WARM}</task>"),
        ("assistant", "<read_file><path>a</path></read_file>"),
        ("user", [{"type": "text", "text": "[read_file for 'a'] Result:"}, {"type": "text", "text": "4"}]),
        ("assistant", FOUR),
    )["messages"],
    "pi": [
        of.pi("user", WARM),
        of.pi("hookMessage", "x"),
        of.pi("assistant", FOUR),
        of.pi("user", "And in Rome?"),
    ],
    "claude_code": of.Claude()
    .asks(WARM)
    .calls("weather", "4", city="Oslo")
    .other(QUEUED)
    .says(FOUR)
    .other({"type": "queue-operation", "operation": "remove", "sessionId": "s"})
    .says("Nineteen.")
    .records,
}


def fed(kind, records, break_at: int | None = None) -> list:
    """The exchanges of the records, with the reader's state kept as JSON in between."""
    reading = Reading("talk.jsonl", UNTIL, Troubles(), Toolbox())
    reader, found = kind(reading), []
    for number, record in enumerate(records, 1):
        if number == break_at:
            state = json.loads(json.dumps(reader.plain()))
            reader = kind(reading)
            reader.restore(state)
        found += reader.feed(number, record)
    return found + reader.close()


@pytest.mark.parametrize("name", [name for name, kind in FORMATS.items() if kind.RESUMES])
def test_a_reader_continues_where_it_stopped(name):
    if name not in TALKS:
        # One conversation a record: nothing is carried from one to the next.
        assert FORMATS[name](Reading("x", UNTIL, Troubles())).plain() == {}
        return
    whole = fed(FORMATS[name], TALKS[name])
    assert [(e.text, e.reply) for e in whole][0][0].startswith(WARM)
    for place in range(2, len(TALKS[name]) + 1):
        assert fed(FORMATS[name], TALKS[name], place) == whole


@pytest.mark.parametrize(
    "tags",
    [
        "<system-reminder>" * 80_000,
        "<ide_selection>x</ide_selection>" * 50_000,
        "<a>" * 250_000,
        "<a></a>" * 200_000,
        "<think>x</think>" * 80_000,
        "<think>" * 120_000,
        "[image" * 200_000,
        "<execute_command>" * 80_000,
        "tools.x({a:" * 80_000,
        "<ide_selection>The user selected the line 1 from a:\n" + "\n" * 300_000 + "x</ide_selection>",
        " \n" * 300_000 + "x",
        "Script completed\n" * 80_000,
    ],
    ids=lambda tags: tags[:12],
)
def test_a_text_of_many_tags_is_read_in_time(tags, tmp_path):
    talk = of.chat(("user", tags), ("assistant", tags))["messages"]
    codex = [of.asked(tags), *of.script(tags, tags)]
    for records in (talk, codex):
        began = time.process_time()
        found, _, _ = read(write(tmp_path / "s.jsonl", *records))
        assert all(len(e.text) <= 4_000 and len(e.reply) <= 4_000 for e in found)
        assert time.process_time() - began < 5
