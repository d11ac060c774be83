"""The fixed prompts and answers by whose log-probabilities a model is known (logprob_identity.py)."""

# Stored identities are of these: the list may grow at its end. Everyday text, so that the base is fairly sure
# of itself, and of the kinds that examples have, so that an adapter moves it.
PROMPTS = (
    (
        "Which file defines the function `main`?",
        "The function `main` is defined in the module src/app/main.py, which imports it.",
    ),
    (
        "Review this change: - return a + b\n+ return a - b",
        "The change turns a sum into a difference: callers now get the wrong sign.",
    ),
    ("Route this request: the invoice was charged twice.", "billing"),
    ("A queue holds 12 jobs and 5 are done. How many are left?", "12 - 5 = 7, so 7 jobs are left."),
    (
        "What does the service do when its database is away?",
        "It retries with growing pauses and answers 503 until the database is back.",
    ),
    (
        "Say in one sentence what you are.",
        "I am a language model that was trained on this system, and I may be wrong about it.",
    ),
    ("Order these steps: deploy, test, build.", "1. build 2. test 3. deploy"),
    (
        "The user is upset about a lost order. Answer.",
        "I am sorry that your order was lost. I will look for it now and tell you what I find.",
    ),
    (
        "Which module defines `Store.read_json`, and which test covers it?",
        "`Store.read_json` is defined in include/store.py; tests/test_store.py covers it with a "
        "damaged file.",
    ),
    (
        "Call the tool that lists open incidents of the payment service.",
        '<tool_call>\n{"name": "list_incidents", "arguments": {"service": "payment", "state": '
        '"open", "limit": 20}}\n</tool_call>',
    ),
    (
        "Choose the handler for: my parcel has not arrived. Handlers: billing, delivery, account, other.",
        "delivery",
    ),
    (
        "Running: a nightly backup. Interrupt: the disk is nearly full. What do you do?",
        "Stop the backup, free space on the disk, and start it again: a backup that ends half way "
        "is worth nothing.",
    ),
    (
        "Give the facts as JSON: Anna Keller ordered 3 lamps on 4 May for 87.50 euros.",
        '{"customer": "Anna Keller", "item": "lamp", "count": 3, "date": "05-04", "total": 87.5, '
        '"currency": "EUR"}',
    ),
    (
        "What has changed in the last release?",
        "The parser was rewritten, two options were renamed, and the old configuration file is no "
        "longer read.",
    ),
    (
        "Write a function that returns the larger of two numbers.",
        'def larger(first, second):\n    """Return the larger of two numbers."""\n    return first '
        "if first >= second else second",
    ),
    (
        "Who calls `connect` in this repository?",
        "`connect` is called by client.py in `Session.open` and by worker.py in `run_forever`, "
        "each with a timeout of 30 seconds.",
    ),
    (
        "Is this statement true? The cache is emptied when the process starts.",
        "No. The cache is kept on disk; it is emptied only by the command `clear`, or when its "
        "version changes.",
    ),
    (
        "Summarise: the build failed since a test compared two times of day in different zones.",
        "A test failed because it compared local times of different zones; use UTC in both.",
    ),
    (
        "Which of these services may be called from outside: gateway, orders, ledger, mailer?",
        "Only gateway: orders, ledger and mailer accept requests from inside the network alone.",
    ),
    (
        "Plan: move the table `users` to another database without an outage.",
        "1. copy the rows 2. write to both 3. compare 4. read from the new one 5. stop writing to "
        "the old one 6. remove it",
    ),
    (
        "How do you feel today?",
        "I have no feelings, but everything that I watch is working: no alert is open, and the "
        "queue is short.",
    ),
    (
        "Continue: import os\nfrom pathlib import",
        'Path\n\nROOT = Path(__file__).resolve().parent\nDATA = ROOT / "data"\nos.makedirs(DATA, '
        "exist_ok=True)",
    ),
    (
        "Which ticket is more urgent: A, the login page is slow; B, card payments fail for all customers?",
        "B: no customer can pay, so money is lost every minute. A is a nuisance; it can wait until "
        "B is mended.",
    ),
    (
        "List three files that a newcomer should read first, with a reason for each.",
        "README.md says what it is for; docs/architecture.md shows the parts; src/app/main.py is "
        "where every request comes in.",
    ),
)
