import pytest

from autodidact.gate import noise
from autodidact.gate.rule import Drop
from autodidact.records import example

SOURCE = {"kind": "transcript", "ref": "s.jsonl"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\x1b[1;31merror\x1b[0m: no such file", "error: no such file"),
        ("\x1b]0;title\x07done", "done"),
        (
            "Fix it.\n<task-notification>\n<id>7</id>\nTask 7 finished\n</task-notification>\nThen test it.",
            "Fix it.\nThen test it.",
        ),
        ("<system-reminder>\nBe brief.\n</system-reminder>\nWhat is open?", "What is open?"),
        ("Look:\n<task-notification>\nnever closed\n\nWhat now?", "Look:\nWhat now?"),
        ("Train it.\n 45%|████▌     | 45/100 [00:12<00:15]\nDone.", "Train it.\nDone."),
        ("A\n   ━━━━━━━━━━━━━━ 1.2/1.2 MB 5.3 MB/s eta 0:00:00\nB", "A\nB"),
        ("A\n[=======>   ] 70%\nB", "A\nB"),
        ("loading 1%\rloading 50%\rloaded", "loaded"),
        ("jo@box:~/src$ make test\nok", "$ make test\nok"),
        ("(venv) jo@box:/srv$ ls", "$ ls"),
        ("PS C:\\Users\\jo> dir", "PS> dir"),
        ("[jo@box src]$ ls", "$ ls"),
        ("jo@box src % ls", "$ ls"),
        ("bash-5.1$ ls", "$ ls"),
        ("➜  src git:(main) ✗ ls", "$ ls"),
        ("C:\\work>dir", "PS> dir"),
        ("a\r\nb", "a\nb"),
        ("bell\x07", "bell"),
    ],
)
def test_what_is_stripped(text, left):
    assert noise.strip(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    return 1\n",
        "  leading and trailing space stays  ",
        "a\n\n\n\nb",
        'TAGS = "<task-notification>"  # in quotes, inside a line',
        "Run `$ make test`, then 45% of the rows are | done |.",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "─── a box ───",
    ],
)
def test_what_has_no_noise_comes_back_as_it_was(text):
    assert noise.strip(text) == text


PIP = "\n".join(f"Collecting package-{n}" for n in range(14))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (PIP, "terminal dump"),
        ("\n".join(f"2026-11-23 12:00:{n:02d} INFO started" for n in range(12)), "terminal dump"),
        ("\n".join("-rw-r--r-- 1 jo jo 120 Nov 3 a.py" for _ in range(12)), "terminal dump"),
        ("\n".join(f"Nov 23 12:00:{n:02d} box cron[{n}]: started" for n in range(12)), "terminal dump"),
        ("\n".join(f"[    0.{n:06d}] usb 1-1: new device" for n in range(12)), "terminal dump"),
        ("\n".join(f"    at com.shop.Job.run(Job.java:{n})" for n in range(12)), "terminal dump"),
        ("\n".join(f"{n:012x}: Pull complete" for n in range(12)), "terminal dump"),
        ("A" * 400, "pasted blob"),
        ("\n".join(f"2026-11-23 12:00:{n:02d} INFO started" for n in range(11)), None),
        ("x" * 399, None),
        ("\n".join(f"- step {n} of the plan" for n in range(30)), None),
        ("\n".join(f">>> f({n})\n{n}" for n in range(30)), None),
    ],
)
def test_what_is_a_dump(text, kind):
    assert noise.dump(text) == kind


@pytest.mark.parametrize(
    ("question", "answer", "reason"),
    [
        ("What is this?", PIP, "terminal dump"),
        (PIP, "These are the lines of an installation.", "terminal dump"),
        ("What now?", "<system-reminder>Be brief.</system-reminder>", "nothing left of the answer"),
        ("<task-notification>done</task-notification>", "Good.", "nothing left of the question"),
        ("What now?", "<think>\nTests first?\n</think>\n", "nothing left of the answer"),
    ],
)
def test_what_is_dropped(question, answer, reason):
    assert noise.check(example("session_miner", "tool_use", question, answer, SOURCE), None) == Drop(reason)


def test_thoughts_before_an_answer_are_taken_out():
    one = example(
        "session_miner", "tool_use", "What now?", "<think>\nTests first?\n</think>\n\nRun the tests.", SOURCE
    )
    assert noise.check(one, None).messages[-1]["content"] == "Run the tests."


def test_an_example_without_noise_is_the_same_object():
    clean = example("session_miner", "tool_use", "What now?", "Run the tests.", SOURCE)
    assert noise.check(clean, None) is clean


def test_a_long_line_takes_no_long_time():
    assert noise.strip("[" + "=" * 200_000) == "[" + "=" * 200_000
