"""A teacher that varies the wording: a real OpenAI-compatible server on this machine, good, garbled,
throttled, hanging, lying and dead.
"""

import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from autodidact import teacher
from autodidact.generators.run_generator import is_reserved
from autodidact.records import Example, call, example
from autodidact.settings import load_settings
from autodidact.sources.snapshot import Snapshot
from autodidact.store import Cache, Store
from tests import loopback

SOURCE = {"kind": "git", "ref": "a.py:1"}


class Handler(loopback.Handler):
    def do_POST(self):
        server, body = self.server, self.body()
        with server.lock:
            server.asked.append((self.headers.get("Authorization"), body))
            number = len(server.asked)
            server.busy += 1
            server.most = max(server.most, server.busy)
        try:
            status, text = server.answer(number, body["messages"][-1]["content"])
        finally:
            with server.lock:
                server.busy -= 1
        said = {"choices": [{"message": {"role": "assistant", "content": text}}]}
        self.reply(text if status != 200 or text.startswith("<") else said, status)


def polite(number: int, prompt: str) -> tuple[int, str]:
    """Says every part after "Please tell me:" or "Well: "."""
    said = dict(re.findall(r"<(question|answer)>\n(.*?)\n</\1>", prompt, re.DOTALL))
    lead = {"question": "Please tell me: ", "answer": "Well: "}
    return 200, json.dumps({name: lead[name] + text for name, text in said.items()})


@pytest.fixture
def server():
    with loopback.Server(Handler) as made:
        made.lock, made.asked, made.busy, made.most, made.answer = threading.Lock(), [], 0, 0, polite
        yield made


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(teacher, "PAUSE", 0.01)
    monkeypatch.setattr(teacher, "TIMEOUT", 2)


def snapshot(folder, server, **more) -> Snapshot:
    url = server if isinstance(server, str) else f"http://127.0.0.1:{server.server_port}/v1"
    overrides = {"teacher.url": url, "teacher.model": "wordsmith", "generators.only": ["ast_parser"]} | more
    settings = load_settings("laptop", overrides, cwd=folder, environ={})
    return Snapshot(
        "shop",
        "c",
        7,
        None,
        datetime(2026, 11, 23, tzinfo=timezone.utc),
        settings,
        Cache(Store(folder / "store")),
    )


def rows(count: int) -> list[Example]:
    return [
        example(
            "ast_parser", "architecture", f"Who calls `f{n}`?", f"`g{n}` in `pkg/m{n}.py` calls it.", SOURCE
        )
        for n in range(count)
    ]


def varied(examples, seen: Snapshot, requests: int = 1_000) -> Iterator[Example]:
    return teacher.varied(examples, seen, requests=requests, is_reserved=is_reserved)


def lines(examples) -> list[str]:
    return [row.line() for row in examples]


def counted(seen: Snapshot) -> dict[str, int]:
    return {trouble.reason: trouble.count for trouble in seen.troubles.list()}


def test_rows_are_reworded_in_their_order_and_say_where_they_come_from(tmp_path, server):
    server.answer = lambda number, prompt: (time.sleep(0.02), polite(number, prompt))[1]
    originals = rows(30)
    made = list(varied(originals, snapshot(tmp_path, server)))
    assert [row.messages[0]["content"] for row in made] == [
        f"Please tell me: Who calls `f{n}`?" for n in range(30)
    ]
    assert made[3].messages[-1]["content"] == "Well: `g3` in `pkg/m3.py` calls it."
    assert (made[3].model_extra["was"], made[3].model_extra["varied_by"], made[3].source) == (
        originals[3].id,
        "wordsmith",
        originals[3].source,
    )
    assert 1 < server.most <= teacher.AT_ONCE


def test_what_must_stay_stays(tmp_path, server):
    tool = {"type": "function", "function": {"name": "tide", "description": "", "parameters": {}}}
    originals = [
        example("ast_parser", "architecture", "Where is `f`?", "a.py", SOURCE, short=True, probe="x"),
        example("session_miner", "intent_classification", "Refund `B-1` please", "billing", SOURCE),
        example(
            "tool_spec",
            "tool_use",
            "Tide at skerry",
            call(("tide", {"pier": "skerry"})),
            SOURCE,
            tools=[tool],
        ),
        example("goal_examples", "orchestration", "Is `ramp` blocked?", "No.", SOURCE, short=True),
    ]
    made = list(varied(originals, snapshot(tmp_path, server)))
    assert lines(made[:1]) == lines(originals[:1])
    assert [row.messages[-1] for row in made] == [row.messages[-1] for row in originals]
    assert [row.messages[0]["content"][:14] for row in made[1:]] == ["Please tell me"] * 3


def test_the_same_cache_gives_the_same_examples_without_a_request(tmp_path, server):
    first = lines(varied(rows(20), snapshot(tmp_path, server)))
    assert len(server.asked) == 20
    server.answer = lambda number, prompt: (500, "down")
    assert lines(varied(rows(20), snapshot(tmp_path, server))) == first
    assert len(server.asked) == 20


def test_the_budget_bounds_the_requests(tmp_path, server):
    made = list(varied(rows(20), snapshot(tmp_path, server), requests=5))
    assert len(server.asked) == 5 and len(made) == 20
    assert [("was" in row.model_extra) for row in made] == [True] * 5 + [False] * 15


LIES = {
    "another name": lambda n, p: (200, polite(n, p)[1].replace("`g", "`h")),
    "a negation": lambda n, p: (200, polite(n, p)[1].replace("calls it", "does not call it")),
    "more than was said": lambda n, p: (
        200,
        polite(n, p)[1].replace("calls it.", "calls it. It is deprecated."),
    ),
    "a turned question": lambda n, p: (
        200,
        re.sub(r"Who calls (`f\d+`)", r"What does \1 call", polite(n, p)[1]),
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_teacher_that_says_something_else_is_refused(tmp_path, server, lie):
    server.answer, seen = LIES[lie], snapshot(tmp_path, server)
    assert lines(varied(rows(4), seen)) == lines(rows(4))
    assert sum(counted(seen).values()) == 4 and all(
        "does not say the same" in reason for reason in counted(seen)
    )


@pytest.mark.parametrize(
    "garbage",
    ["", "I cannot do that.", "{", '{"question": 7}', "[1, 2]", "<html>", '{"other": "x"}', '{"a":' * 5_000],
)
def test_garbage_leaves_the_originals(tmp_path, server, garbage):
    server.answer, seen = lambda number, prompt: (200, garbage), snapshot(tmp_path, server)
    assert lines(varied(rows(3), seen)) == lines(rows(3))
    assert sum(counted(seen).values()) == 3


def test_a_throttled_teacher_is_asked_again(tmp_path, server):
    server.answer = lambda number, prompt: (429, "slow down") if number % 2 else polite(number, prompt)
    made = list(varied(rows(4), snapshot(tmp_path, server)))
    assert sum("was" in row.model_extra for row in made) >= 3


def test_a_hanging_teacher_costs_its_variations(tmp_path, server, monkeypatch):
    monkeypatch.setattr(teacher, "TIMEOUT", 0.1)
    monkeypatch.setattr(teacher, "ATTEMPTS", 2)
    server.answer = lambda number, prompt: (time.sleep(1), polite(number, prompt))[1]
    seen = snapshot(tmp_path, server)
    assert lines(varied(rows(40), seen)) == lines(rows(40))
    assert counted(seen) == {"the teacher did not answer; the original wording stays": 40}
    assert len(server.asked) <= 2 * (teacher.AT_ONCE + teacher.MOST_FAILED)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "no address", "ftp://x"])
def test_an_unreachable_teacher_costs_its_variations(tmp_path, url):
    seen = snapshot(tmp_path, url)
    assert lines(varied(rows(12), seen)) == lines(rows(12))
    assert counted(seen)


def test_without_a_teacher_or_its_model_nothing_changes(tmp_path):
    assert lines(varied(iter(rows(2)), snapshot(tmp_path, "", **{"teacher.url": None}))) == lines(rows(2))
    seen = snapshot(tmp_path, "http://127.0.0.1:9/v1", **{"teacher.model": None})
    assert lines(varied(rows(2), seen)) == lines(rows(2))
    assert counted(seen) == {"teacher.url is set and teacher.model is not: nothing is varied": 1}


def test_a_reserved_wording_is_never_taught(tmp_path, server):
    server.answer = lambda number, prompt: (200, json.dumps({"question": "What file is `f0` defined in?"}))
    seen = snapshot(tmp_path, server)
    original = [
        example("ast_parser", "architecture", "Which file defines `f0`?", "`a.py`", SOURCE, short=True)
    ]
    assert lines(varied(original, seen)) == lines(original)
    assert counted(seen) == {
        "a variation of the teacher was refused: the wording is reserved for the knowledge probe": 1
    }


def test_two_rows_never_get_the_same_prompt(tmp_path, server):
    server.answer = lambda number, prompt: (200, json.dumps({"question": "Tell me, who calls `f0`?"}))
    originals = [
        example("ast_parser", "architecture", ask, "`g`", SOURCE, short=True)
        for ask in ("Who calls `f0`?", "Now who calls `f0`?")
    ]
    made = list(varied(originals, snapshot(tmp_path, server)))
    assert [row.messages[0]["content"] for row in made] == ["Tell me, who calls `f0`?", "Now who calls `f0`?"]


def test_the_key_goes_to_the_server_and_nowhere_else(tmp_path, server, monkeypatch):
    monkeypatch.setenv("AUTODIDACT_TEACHER__KEY", "sesame-4711")
    seen = snapshot(tmp_path, server)
    made = lines(varied(rows(2), seen))
    assert {key for key, _ in server.asked} == {"Bearer sesame-4711"}
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert (
        b"sesame" not in written
        and "sesame" not in "".join(made) + repr(seen.troubles.list()) + seen.settings.model_dump_json()
    )


WORK = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.teacher.test_teacher import rows, snapshot, lines, varied
print(chr(10).join(lines(varied(rows(60), snapshot(Path({folder!r}), {url!r})))))
"""


def test_a_killed_stage_asks_only_for_what_it_had_not_got(tmp_path, server):
    server.answer = lambda number, prompt: (time.sleep(0.05), polite(number, prompt))[1]
    url = f"http://127.0.0.1:{server.server_port}/v1"
    work = WORK.format(root=str(Path(__file__).parents[2]), folder=str(tmp_path), url=url)
    process = subprocess.Popen([sys.executable, "-c", work], stdout=subprocess.DEVNULL)
    while len(server.asked) < 25:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    resumed = subprocess.run([sys.executable, "-c", work], capture_output=True, text=True, check=True)
    assert len(server.asked) <= 60 + teacher.AT_ONCE
    assert resumed.stdout.splitlines() == lines(varied(rows(60), snapshot(tmp_path / "fresh", server)))
