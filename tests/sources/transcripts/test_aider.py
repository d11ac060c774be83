"""Aider's history: what takes an answer back, what ends it, and which answers need files that it does not show."""

import pytest

from tests.sources.transcripts.reading import read

ASKED, SAID = "What is 12 times 7?", "84."
ADDED = "about a file that the record does not show"
START = "# aider chat started at 2026-05-01 10:00:00\n\n> Aider v0.80  \n"


def history(tmp_path, *parts: str) -> list[tuple]:
    path = tmp_path / ".aider.chat.history.md"
    path.write_text(START + "".join(parts))
    return [(exchange.text, exchange.reply, exchange.outcome, exchange.lost) for exchange in read(path)[0]]


def turn(asked: str, said: str) -> str:
    return f"\n#### {asked}  \n\n{said}\n\n"


def test_undo_takes_the_last_answer_back(tmp_path):
    found = history(
        tmp_path,
        turn(ASKED, SAID),
        turn("And 13?", "91."),
        "#### /undo  \n\n> Removed commit abc1234  \n",
        turn("And 14?", "98."),
    )
    assert found == [(ASKED, SAID, "succeeded", ""), ("And 14?", "98.", "succeeded", "")]


@pytest.mark.parametrize(
    ("notice", "outcome"),
    [
        ("Tokens: 1k sent, 50 received.", "succeeded"),
        ("Empty response received from LLM. Check your provider account?", "failed"),
        ("Create new file? (Y)es/(N)o [Yes]: n", "refused"),
        ("Create new file? (Y)es/(N)o [Yes]: y", "succeeded"),
        ("Allow edits to file that has not been added to the chat? (Y)es/(N)o [Yes]: n", "refused"),
        ("Add berths.csv to the chat? (Y)es/(N)o/(D)on't ask again [Yes]: n", "succeeded"),
    ],
)
def test_a_notice_after_an_answer_says_how_it_ended(tmp_path, notice, outcome):
    assert history(tmp_path, turn(ASKED, SAID), f"> {notice}  \n") == [(ASKED, SAID, outcome, "")]


@pytest.mark.parametrize(
    "added", ["Added src/berths.py to the chat.", "Add src/berths.py to the chat? (Y)es [Yes]: y"]
)
@pytest.mark.parametrize(
    ("asked", "said", "lost"),
    [
        ("explain what this file does", "It sorts.", ADDED),
        ("Was macht diese Datei?", "Sie sortiert.", ADDED),
        ("What is in berths.py?", "A list.", ADDED),
        ("Where is the list?", "In `src/berths.py`.", ADDED),
        (ASKED, SAID, ""),
    ],
)
def test_an_answer_about_a_file_of_the_chat_is_lost(tmp_path, added, asked, said, lost):
    assert history(tmp_path, f"> {added}  \n", turn(asked, said)) == [(asked, said, "succeeded", lost)]


def test_without_a_file_in_the_chat_words_about_files_stay(tmp_path):
    asked, said = "What is a file?", "Bytes with a name."
    kept = (asked, said, "succeeded", "")
    assert history(tmp_path, turn(asked, said)) == [kept]
    dropped = (
        "> Added berths.py to the chat.  \n\n#### /drop  \n\n> Dropping all files from the chat session.  \n"
    )
    assert history(tmp_path, dropped, turn(asked, said)) == [kept]
