"""Real forms of transcripts that went wrong once: each folder of tests/data/transcripts with what is right."""

import pytest

from tests.generators.transcripts.conversations import DATA, taught

REFUNDS = "They wait in `refund-requests`, with one partition for each pier."
LOST = "turn with an attachment that the record does not hold"
NOBODY = "turn that nobody typed"
CUT = "turn that was interrupted or cut off"

CASES = {
    "01-cc-ide-tags": (
        [
            ("List the files below tides.", 'Bash({"command": "ls tides", "description": "List files"})'),
            ("List the files below tides.", "There are two: `loader.py` and `table.py`."),
            (
                "Which module reads the tide tables from disk?",
                "`tides/loader.py` reads them: `load_table` opens the CSV of a pier and returns its rows"
                " sorted by time.",
            ),
        ],
        # Five lines were selected, two are there.
        {"turn with a selection that the record does not hold whole": 1},
    ),
    "02-cc-steering": ([], {CUT: 1}),
    "04-cc-branch": (
        [
            ("Add a log line to the holds worker.", "Added: it logs how many holds a batch deleted."),
            ("And who calls it?", "The scheduler in `jobs/nightly.py`, through `run_all`."),
            (
                "What does the holds worker delete at night?",
                "Holds older than twenty minutes that were never paid; it deletes them in batches of 500.",
            ),
        ],
        {},
    ),
    "07-cc-image": ([], {LOST: 3}),
    "08-cc-injected": (
        [
            (
                "What is left to do for the release?",
                "Two things are left: the notices template and the migration of the holds table.",
            ),
            (
                "ultrathink about why the cache is cold after deploys",
                "Each deploy changes the key prefix, which holds the build number, so all entries miss.",
            ),
        ],
        {NOBODY: 3},
    ),
    "09-cc-endings": (
        [],
        {CUT: 1, "turn that failed": 1, "turn that was refused": 1, "turn whose outcome is not known": 1},
    ),
    "11-cc-command-answer": (
        [
            ("What is the longest hold allowed?", "Twenty minutes; `HOLD_MINUTES` says so. RIGHT2"),
            ("Where are notices rendered?", "In `notices/render.py`, from Jinja templates. RIGHT3"),
            (
                "Which table holds the refunds?",
                "`refunds`, in the money schema; it was split off from `payments` in migration 14. RIGHT1",
            ),
        ],
        {NOBODY: 3},
    ),
    "12-codex-unified-exec": (
        [
            ("Run the quick tests.", "All 214 quick tests pass."),
            ("Run the quick tests.", 'exec_command({"cmd": "pytest -q"})'),
            ("Which files mention the word berth?", "`db/003.sql` and `notes/berths.md`."),
            ("Which files mention the word berth?", 'exec_command({"cmd": "rg -l berth"})'),
        ],
        {"turn that failed": 2},
    ),
    "13-codex-item-completed": (
        [("Which queue do refunds wait in?", "They wait in `refund-requests`, one partition a pier.")],
        {},
    ),
    "14-codex-ide": (
        [
            (
                "Explain what `release` does when nothing is held.",
                "It returns False and writes nothing, since the row is not there.",
            ),
            ("How long is a hold kept?", "Twenty minutes: `HOLD_MINUTES` in `booking/settings.py`."),
            ("Is a.py still used?", "No: nothing imports it since the split."),
        ],
        # A line of NUL bytes.
        {"line that is not JSON": 1, CUT: 1},
    ),
    "15-codex-fork": (
        [
            (
                "No, a slot is an hour since May.",
                "Thanks, then a slot is the hour in which one vessel may lie at a pier.",
            )
        ],
        {"turn that was corrected": 1},
    ),
    "16-codex-steer": ([], {CUT: 1}),
    "18-gemini": (
        [
            ("Which queue do refunds wait in?", REFUNDS),
            ("Which queue do refunds wait in?", 'search_file_content({"pattern": "refund"})'),
        ],
        {},
    ),
    "20-otel": (
        [("Which queue do refunds wait in?", REFUNDS)],
        {"attribute that was cut or is no JSON": 1, CUT: 1},
    ),
    "33-special-tokens": (
        [
            (
                "What does <think> do in the answers of our reviewer?",
                "It holds the reasoning of the model; our server strips it before the answer is shown.",
            )
        ],
        {"turn with a chat template's markers as text": 4},
    ),
    "19-shapes/a-role-content.jsonl": ([("Which queue do refunds wait in?", REFUNDS)], {}),
    # The run that it is of is not resolved.
    "19-shapes/b-messages-string.jsonl": ([], {"turn that failed": 1}),
    "19-shapes/c-cline-api_conversation_history.json": (
        [
            ("Which queue do seats wait in?", "Seats wait in `seat-holds`."),
            ("Which queue do seats wait in?", 'read_file({"path": "queues.py"})'),
        ],
        {},
    ),
    "19-shapes/d-prompt-completion.jsonl": ([], {"1 file of an unknown form (keys: prompt, completion)": 1}),
    "19-shapes/e-anthropic-messages.jsonl": ([], {"turn that failed": 1}),
    "19-shapes/f-openai-responses.jsonl": ([("Which port has the ledger?", "8104.")], {}),
    "19-shapes/g-openhands.json": (
        [
            ("Which port has the helm?", "8105."),
            ("Which port has the helm?", 'run({"command": "rg 81 helm"})'),
        ],
        {},
    ),
    "19-shapes/h-swe-agent.traj": ([], {"turn whose outcome is not known": 1}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_case(case):
    assert taught(DATA / case) == CASES[case]


def test_each_file_tells_the_same_alone():
    for case in ("18-gemini/tmp/harbour/chats/session-2026-05-22T14-59-bb.jsonl", "04-cc-branch/orig.jsonl"):
        rows, counted = taught(DATA / case)
        assert counted == {} and rows
