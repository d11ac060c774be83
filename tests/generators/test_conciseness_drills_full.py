"""conciseness_drills in the register `full`: long texts and short ones that lose nothing that was asked for."""

import re

import pytest

from autodidact.errors import Skipped
from autodidact.generators.conciseness_drills.full.commit_tasks import (
    has_shorthand,
    has_slip,
    is_order,
    says_less,
)
from autodidact.generators.conciseness_drills.full.docstring_tasks import (
    DocstringTasks,
    sentence_about,
    tells,
)
from autodidact.generators.conciseness_drills.full.entries import Entry
from autodidact.generators.conciseness_drills.full.misspelt_words import misspelt
from autodidact.generators.conciseness_drills.full.shorten_sentences import inside, is_fact
from autodidact.generators.conciseness_drills.full.texts_with_short_forms import Docstring, _states
from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import FULL, file, full_examples_of, snapshot

HOLDS = """# Holds

When a hold expires, the seats are sold again within one minute. The desk must never delete a hold by hand.

## How long is a hold kept?

Answer: A hold is kept for 20 minutes unless the caller asks for more. The clock starts when the seats are
taken. Nobody is charged before the hold is paid, and a second try is free of charge as well.
"""

PAY = '''class Desk:
    """Sells the seats of one pier."""

    def pay(self, card):
        """Captures the amount of a hold from a card.

        The capture is given a key of its own, so that a second try after a timeout is no second charge. It must be
        called within the lifetime of the hold.
        """
        key = self.keys.new(card)
        return self.bank.capture(key)
'''


def of_documents(folder, text):
    return full_examples_of("conciseness_drills", folder, documents=[file(folder, "holds.md", text)])


def test_facts_come_out_of_messages_whole_and_nothing_else_does(tmp_path):
    facts = {
        "When a hold expires, the seats are sold again within one minute.",
        "The desk must never delete a hold by hand.",
    }
    rows = [row for row in of_documents(tmp_path, HOLDS) if row.source.ref.endswith(":1")]
    assert rows
    for row in rows:
        said = {
            line.strip("- ").rstrip(".") + "." for line in row.response().replace(". ", ".\n").split("\n")
        }
        assert said <= facts
        assert len(row.response().split()) < len(row.prompt().split())


def test_a_heading_that_asks_is_not_answered_by_the_sentence_below_it(tmp_path):
    assert not [row for row in of_documents(tmp_path, HOLDS) if "How long is a hold kept?" in row.prompt()]


@pytest.mark.parametrize(
    ("sentence", "right"),
    [
        ("When a hold expires, the seats are sold again within one minute.", True),
        ("`hold_seats` raises `Full` if no seat is left on the boat.", True),
        ("The maximum number of seats that a desk can hold at once.", False),  # no sentence
        (
            "When enabled holds that fail will be kept until midnight.",
            False,
        ),  # where its condition ends is open
        ("They are sold again within one minute if a hold expires.", False),  # who?
        ("Use `hold_seats` if you want the seats to be kept until noon.", False),  # an order
        ("If enabled, the seats of a hold are kept until noon.", False),  # if what is enabled?
        ("By default the value is 20 minutes at the desk.", False),  # which value?
        ("A value of `None` means that holds never expire.", False),  # a value of what?
        ("A rarely known fact is that holds expire after `20` minutes.", False),  # announces the fact
        ("The desk is a nice place to be on a sunny day in May.", False),  # nothing to look up
    ],
)
def test_a_fact_is_a_whole_statement_that_somebody_would_look_up(sentence, right):
    assert is_fact(sentence) is right


def test_a_statement_within_a_sentence_loses_its_capital_unless_it_is_a_name():
    assert inside("The desk closes at noon.") == "the desk closes at noon"
    assert inside("Holds end at noon.", {"holds"}) == "holds end at noon"
    assert inside("HTTPX is a client.", {"httpx"}) == "HTTPX is a client"
    assert inside("Redis keeps the holds.", {"holds"}) == "Redis keeps the holds"


def test_a_docstring_is_cut_to_its_first_line_or_to_that_and_its_restriction(sandbox, tmp_path):
    with Repository(sandbox.path, sandbox.commit("Begin", {"desk.py": PAY})) as repository:
        rows = full_examples_of("conciseness_drills", tmp_path, repository)
    line = "`Desk.pay` captures the amount of a hold from a card."
    restriction = "It must be called within the lifetime of the hold."
    (row,) = [row for row in rows if row.source.ref == "desk.py:4"]
    assert row.response() in (line, f"{line} {restriction}")
    assert "The capture is given a key of its own" in row.prompt()


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        ("Release the seats of a hold.", "`f` releases the seats of a hold."),
        ("Checks whether a hold is paid.", "`f` checks whether a hold is paid."),
        ("Redefine this fixture for the pier.", ""),  # which?
        ("Get hold class by URL.", ""),  # no English without articles
        ("A user asked for the pier but none is known.", ""),  # a sentence, no name
        ("Hold aware format function for the desk.", ""),  # what does it do?
    ],
)
def test_a_first_line_becomes_a_sentence_about_its_definition_or_is_left_alone(summary, said):
    assert sentence_about(Docstring("f", summary, [], {})) == said


def test_marks_of_emphasis_are_no_part_of_a_word():
    summary = "Return a desk with *new_bells* added to the **old** ones."
    said = sentence_about(Docstring("f", summary, [], {}))
    assert said == "`f` returns a desk with new_bells added to the old ones."


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        ("The string being parsed contains an invalid character.", ""),  # a sentence of its own
        (
            "A string that contains an invalid character.",
            "`Bad` is a string that contains an invalid character.",
        ),
        ("Return a list of the characters that are invalid.", ""),  # that is what its `__call__` does
    ],
)
def test_the_first_line_of_a_class_names_what_it_is(summary, said):
    bad = Docstring("Bad", summary, [], {}, is_class=True)
    assert sentence_about(bad) == said


def test_under_the_name_of_a_setting_a_fact_has_to_say_that_name(tmp_path):
    text = (
        "# `hold_minutes`\n\nThe desk must never delete a hold of the pier by hand.\n"
        "With `hold_minutes` at 0 a hold never expires.\n"
    )
    assert not of_documents(tmp_path, text)


LOCK = "Two desks could sell the last seat at once, because the count of seats was read before the lock, by a second or two."


def test_a_message_is_cut_to_its_subject_and_subjects_are_not_joined(sandbox, tmp_path):
    body = "Two desks could sell the last seat at once, because the count of seats was read before the lock, by a second or two."
    commits = [
        f"Take the lock at once before the seats are counted\n\n{body}",
        "Add a bell for the pier at Skerry",
        "Drop the second timetable from the desk",
    ]
    sandbox.commit("Begin", {"desk.txt": "lock, seats, pier, timetable"})
    for hour, message in enumerate(commits, 1):
        lines = "".join(f"{one}: lock, seats, counted, pier, timetable, desk\n" for one in range(hour))
        sha = sandbox.commit(message, {"desk.txt": lines}, hours=hour)
    with Repository(sandbox.path, sha) as repository:
        rows = full_examples_of("conciseness_drills", tmp_path, repository)
    said = {row.response() for row in rows}
    assert {text.rstrip(".") for text in said} >= {"Take the lock at once before the seats are counted"}
    assert not [text for text in said if "second timetable" in text and "bell for the pier" in text]


@pytest.mark.parametrize(
    ("body", "shortened"),
    [
        (f"{LOCK}", True),
        (f"{LOCK}\n\nSigned-off-by: Ines <ines@example.com>", True),
        # What is not shown may be what the subject speaks of.
        (f"{LOCK}\n\n- the bell", False),
        (f"{LOCK}\n\nThe lock is now taken first.", False),
        # One more change, which the subject does not hold.
        (f"{LOCK} It also drops the bell of the pier.", False),
    ],
)
def test_only_a_whole_message_of_one_change_is_cut_to_its_subject(sandbox, tmp_path, body, shortened):
    sandbox.commit("Begin", {"desk.txt": "lock, seats"})
    message = f"Take the lock at once before the seats are counted\n\n{body}"
    sha = sandbox.commit(message, {"desk.txt": TEXT}, hours=1)
    with Repository(sandbox.path, sha) as repository:
        rows = full_examples_of("conciseness_drills", tmp_path, repository)
    assert bool([row for row in rows if row.source.ref == sha]) is shortened


def test_no_fact_is_promised_where_one_line_is_made_of_a_message(sandbox, tmp_path):
    sandbox.commit("Begin", {"desk.txt": "lock, seats"})
    for hour in range(1, 31):
        message = f"Take the lock {hour} at once before the seats are counted\n\n{LOCK[:-1]} in case {hour}."
        sha = sandbox.commit(message, {"desk.txt": TEXT * hour}, hours=hour)
    documents = [
        file(tmp_path, f"holds{n}.md", HOLDS.replace("one minute", f"{n} minutes")) for n in range(12)
    ]
    with Repository(sandbox.path, sha) as repository:
        rows = full_examples_of("conciseness_drills", tmp_path, repository, documents=documents)
    promised = [row for row in rows if promises(row)]
    assert promised and all(row.source.model_dump()["kind"] == "document" for row in promised)
    assert len([row for row in rows if row.source.model_dump()["kind"] == "git"]) == 30


def promises(row) -> bool:
    first = row.messages[0]
    words = ("no fact, name or number is lost", "every name and number stays", "numbers survive")
    return first["role"] == "system" and any(one in first["content"] for one in words)


TEXT = "lock, seats, counted, pier, timetable, desk\n"


@pytest.mark.parametrize(
    ("subject", "order"),
    [
        ("Import should skip excluded directories.", False),
        ("Support can be turned off.", False),
        ("Format isn't kept on reload.", False),
        ("Use case of the reader.", False),
        ("Build failures of the old compiler.", False),
        ("Import order of the readers.", False),
        ("Fix crash when the reader is closed.", True),
        ("Ensure the reader is closed.", True),
        ("Import the reader lazily.", True),
        ("Hide the cursor while it waits.", True),
        ("Format the code of the reader.", True),
        ("Prefer the newer reader.", True),
        ("Emit one event a second.", True),
        ("Speed up the reader.", True),
        # Of what was there before, or what is new?
        ("Use `is` for the comparison.", False),
        ("Support names for the piers.", False),
        ("Stop ignore folders by default.", False),
        ("Stop ignoring folders by default.", True),
        ("Remove install curl in the image.", False),
        ("Remove install-time checks of the image.", True),
        ("Fix clear token in the storage.", False),
        ("Add clear errors to the storage.", True),
        ("Update chat - add users avatar.", False),
        ("Upgrade guide: correct badge url.", False),
        ("Fix the horn: it is mute.", False),
        ("Fix the value of `horn: mute` in the settings.", True),
        ("Fix the port of 10:30.", True),
        ("Keep the actions up to date with the bot.", False),
        ("Update the docker-compose file of the pier.", True),
    ],
)
def test_a_subject_begins_with_a_verb_that_is_known(subject, order):
    assert is_order(subject) is order


@pytest.mark.parametrize(
    ("subject", "order"),
    [
        ("Drop the second timetable.", True),
        ("Rewrite the desk.", True),
        ("Support for a second pier.", False),
        ("Fix the bell and consolidate the horn.", False),
        ("Fix the bell; remove the second horn.", False),
        ("Fix bells and horns of the pier.", True),
        ("Yodel at the pier.", False),
        ("Add a bell and drop the horn.", False),
        ("Show All Exception Predicates in Docs.", False),
        ("Show the Predicates of `All Desks Here` in the docs.", True),
    ],
)
def test_a_subject_tells_of_one_change_in_whole_english(subject, order):
    assert is_order(subject) is order


@pytest.mark.parametrize(
    ("word", "slip"),
    [
        ("serach", True),
        ("definiction", True),
        ("optins", True),
        ("parallell", True),
        ("option", False),  # another ending
        ("timetable", False),  # met once, and like no other
        ("`serach`", False),  # a name of the code
    ],
)
def test_a_word_met_once_that_is_one_slip_from_a_common_one_is_misspelt(word, slip):
    common = ["The search of the definition, with options in parallel."] * 3
    assert misspelt([*common, f"Fix {word} of the pier."]) == ({word} if slip else set())


def test_documents_and_names_with_hyphens_show_how_a_word_is_spelt(sandbox, tmp_path):
    sandbox.commit("Begin", {"desk.txt": "serach"})
    for hour, verb in enumerate(("Move", "Add", "Change"), 1):
        subject = f"{verb} the {'serach' if verb == 'Move' else 'bell'} of the desk at pier {hour}"
        sha = sandbox.commit(subject, {"desk.txt": f"bell, serach, desk, pier {hour}\n" * hour}, hours=hour)
    text = "# Desk\n\nThe desk runs policy-search, seat-search and boat-search until the pier closes.\n"
    with Repository(sandbox.path, sha) as repository:
        rows = full_examples_of(
            "conciseness_drills", tmp_path, repository, documents=[file(tmp_path, "desk.md", text)]
        )
        assert not [row for row in rows if "serach" in row.prompt()]


def test_a_commit_whose_subject_is_misspelt_is_not_handed_on(sandbox, tmp_path):
    sandbox.commit("Begin", {"desk.txt": "search"})
    verbs = ("Add", "Change", "Drop", "Move")
    for hour, verb in enumerate(verbs, 1):
        word = "serach" if verb == "Move" else "search"
        subject = f"{verb} the {word} of the seats before the lock at pier {hour}"
        body = f"{LOCK} At pier {hour} the search came before it."
        text = f"search, serach, seats, before, lock, pier {hour}\n" * hour
        sha = sandbox.commit(f"{subject}\n\n{body}", {"desk.txt": text}, hours=hour)
    with Repository(sandbox.path, sha) as repository:
        rows = full_examples_of("conciseness_drills", tmp_path, repository)
    assert [row.response().removesuffix(".") for row in rows] == [
        "Drop the search of the seats before the lock at pier 3",
        "Change the search of the seats before the lock at pier 2",
        "Add the search of the seats before the lock at pier 1",
    ]


def test_without_any_text_it_is_skipped(tmp_path):
    with pytest.raises(Skipped, match="no document, docstring or commit"):
        full_examples_of("conciseness_drills", tmp_path)


@pytest.mark.parametrize(
    ("title", "sentence", "right"),
    [
        ("HTTP/2", "The binary format provides full request and response multiplexing over HTTP.", False),
        (
            '`"reason_phrase"`',
            "When no key is included, a default based on the status code may be used.",
            False,
        ),
        ("Holds", "When a hold expires, the seats are sold again within one minute.", True),
        ("Seats", "`hold_seats` raises `Full` if no seat is left on the boat.", True),
    ],
)
def test_a_fact_names_what_it_is_about(title, sentence, right):
    assert _states(sentence, title) is right


@pytest.mark.parametrize(
    ("name", "summary", "telling"),
    [
        ("Frame.copy", "Creates a copy of the current one.", False),
        ("unsafe", "Marks a function or method as unsafe.", False),
        ("compile_rules", "Compiles all the rules into a list of rules.", False),
        ("Environment.getitem", "Get an item or attribute of an object but prefer the item.", False),
        ("max_weight_clique", "Find a maximum weight clique in the graph with all its nodes.", False),
        ("is_distance_regular", "Returns True if the graph is distance regular, False otherwise.", False),
        ("Frame", "Represents a single stack frame.", False),
        ("Text.__eq__", "Checks for equality of two texts, for tests alone.", False),
        ("UDPSocket", "Represents an unconnected UDP socket.", False),
        ("has_cycle", "Decides whether the directed graph has a cycle.", False),
        ("central", "Returns a the node that has more connections than the others.", False),
        ("metric_closure", "Returns the metric closure of a graph and its nodes in order.", False),
        ("_process", "Combines creates an event and runs the chain of processors.", False),
        ("NoMatchFound", "Raised if no route exists for a name and its parameters.", True),
        ("ring", "Checks the bell of a pier until somebody answers it.", True),
        ("seats_to_pairs", "Parse seats given as a string argument.", False),
        ("Desk.ring", "Calls `bells.Bell.ring` with the arguments as they are.", False),
        ("accepts", "Check whether bells are set to ring at this pier level.", False),
    ],
)
def test_a_first_line_that_says_no_more_than_the_name_is_not_read_out(name, summary, telling):
    one = Docstring(name, summary, [], {"ref": "f.py:1"})
    assert tells(one) is telling


@pytest.mark.parametrize(
    ("summary", "detail", "telling"),
    [
        (
            "Check if the task of a bell was stopped.",
            "If so, the exception of the pier will be raised.",
            False,
        ),
        ("Check if the task of a bell was stopped.", "A bell that nobody rang counts as stopped.", True),
        ("Stop the task of a bell.", "The exception of the pier is raised in it.", True),
    ],
)
def test_a_check_is_not_summed_up_without_what_it_raises(summary, detail, telling):
    one = Docstring("ring_safely", summary, [detail], {"ref": "f.py:1"})
    assert tells(one) is telling


@pytest.mark.parametrize(
    "sentence",
    [
        "Most desks don't like to be called often, so let's wait 2 seconds between calls.",
        "`bar.txt` will be included in `desk.txt` when the desk opens.",
        "The first is a bell when the boat comes, and the second is a horn at noon.",
        "Great care must taken at the desk since 3 piers rely on the count of seats.",
        "A desk can thus count the seats of each pier before 3 boats leave.",
        "The option's names are `-t` and `--times` at each of the desks.",
        "A job at 03:30 corrects the numbers, and somebody gets a mail.",
        "The pier is closed from 06:30, strip → wash → set → open by 15:00.",
        "All seats of the `noon` boat, are kept for 20 minutes at the desk.",
        "If several holds passed, the limit of 20 seats applies to each hold.",
        "The seats of each boat are kept as a map in `seats.scss` file.",
        # A command or an example behind a colon.
        "If only the bell is stale, it is the pier again: `pier restart bell`.",
        # What is left of a link or an image.
        "The `order` service sends a request to , which must answer within a minute.",
    ],
)
def test_a_vague_or_broken_sentence_is_no_fact(sentence):
    assert not is_fact(sentence)


@pytest.mark.parametrize(
    ("short", "long", "less"),
    [
        (
            "Avoid a needless resize of the screen.",
            "When the other screen is drawn, a resize of the screen is needless. The screen avoids it now, always.",
            True,
        ),
        # Nothing in the message says anything of "exec".
        (
            "Add exec tests and compiler guards.",
            "The functions that were marked as tests now live in a module with compiler guards, as usual here.",
            False,
        ),
        # The verb may be the author's own.
        (
            "Enable tests in a module.",
            "The functions that were marked as tests now live in a module with compiler guards, as usual here.",
            True,
        ),
    ],
)
def test_a_subject_says_nothing_that_its_message_does_not(short, long, less):
    assert says_less(short, long) is less


@pytest.mark.parametrize(
    ("subject", "order"),
    [
        ("Add support arrays on mapping.", False),
        ("Add support for arrays on mapping.", True),
        ("Add support matrix to the readme.", True),
        ("Support override default binding.", False),
        ("Allow to opt out from logging results.", False),
        ("Allow desks to opt out of logging.", True),
        ("Use the bell of the desk in tests, uprev.", False),
        ("Drop bells, horns and flags.", True),
    ],
)
def test_a_subject_that_lacks_a_word_is_not_taken(subject, order):
    assert is_order(subject) is order


def test_documents_that_are_shown_or_tested_with_tell_nothing_of_the_system(sandbox, tmp_path):
    sandbox.write("examples/pager/artichoke.md", HOLDS)
    sandbox.write("docs/holds.md", HOLDS)
    commit = sandbox.commit("Add documents")
    rows = full_examples_of("conciseness_drills", tmp_path, Repository(sandbox.path, commit))
    assert {row.source.path for row in rows if row.source.ref.partition(":")[2]} == {"docs/holds.md"}


def test_nobody_has_read_up_on_a_file(tmp_path):
    text = HOLDS.replace("# Holds\n", "# What happens when a hold expires in the night of a holiday?\n")
    rows = of_documents(tmp_path, text)
    assert not [row for row in rows if "holds.md" in row.prompt() and "heading" not in row.prompt()]


@pytest.mark.parametrize(
    ("summary", "details", "kinds"),
    [
        ("Waits a growing amount of time after each call.", ["Starting small and adding a second. " * 6], {"docstring"}),
        ("Stops when the last call >= the most calls.", ["It is asked before the next call. " * 6], set()),
        ("Returns the counts of all calls as a table.", ["The class has been deprecated in 23.1.0. " * 6], set()),
        ("Verifies the counts of all calls, otherwise raise an error.", ["It is asked at night. " * 9], set()),
        ("Returns the counts of all calls as a table.", ["If Rich_ is there, they are in colours. " * 6], set()),
        ("Returns the counts of all calls as a table.", ["It is empty when the desk has never been ran. " * 4], set()),
    ],
)  # fmt: skip
def test_half_a_sentence_and_slips_are_not_read_out(tmp_path, summary, details, kinds):
    source = {"kind": "git", "ref": "a.py:1"}
    one = Docstring("Desk.f", summary, [text.strip() for text in details], source)
    made = DocstringTasks([one], snapshot(tmp_path, settings=FULL)).kinds()
    assert {kind for kind, rows in made.items() if list(rows)} == kinds


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        ("A signer securely signs bytes, then unsigns them.", ""),
        (
            "A stream wrapper that encrypts all sent data.",
            "`Desk` is a stream wrapper that encrypts all sent data.",
        ),
    ],
)
def test_a_sentence_about_a_thing_does_not_name_it(summary, said):
    one = Docstring("Desk", summary, [], {"ref": "a.py:1"}, is_class=True)
    assert sentence_about(one) == said


def test_a_slip_of_a_short_word_is_one_where_the_right_word_is_long():
    assert misspelt(["The readme of the pier."] * 3 + ["Fix an example in reame for the pier."]) == {"reame"}


@pytest.mark.parametrize(("heading", "asked"), [("Overview", False), ("The hold of seats", True)])
def test_a_heading_that_every_document_has_is_no_subject(tmp_path, heading, asked):
    rows = of_documents(tmp_path, HOLDS.replace("# Holds\n", f"# {heading}\n"))
    assert bool([row for row in rows if row.source.ref.endswith(":1")]) is asked


@pytest.mark.parametrize(
    ("subject", "taken"),
    [
        ("Take the lock at once before the seats are counted", True),
        ("Take the the lock before seats are counted", False),
        ('Take the " lock" before seats are counted', False),
        ("Take the lock at once before the seats are counted, otherwise another desk counts seats before the lock is taken", False),
    ],
)  # fmt: skip
def test_a_subject_with_a_word_twice_or_as_long_as_a_paragraph_is_left_out(sandbox, tmp_path, subject, taken):
    sandbox.commit("Begin", {"desk.txt": "lock, seats"})
    sha = sandbox.commit(f"{subject}\n\n{LOCK}", {"desk.txt": TEXT}, hours=1)
    with Repository(sandbox.path, sha) as repository:
        rows = full_examples_of(
            "conciseness_drills", tmp_path, repository, documents=[file(tmp_path, "a.md", HOLDS)]
        )
    assert bool([row for row in rows if row.source.ref == sha]) is taken


BELL = """def bell(pier):
    '''Returns every boat that leaves the northern pier.

    The boats come in the order in which they leave, and a boat without a captain is one of them; the desk asks for
    it in the morning.
    '''
"""

FREE = """def free(seats):
    '''Returns a desk without the seats that somebody holds.

    The seats come in the order in which they were built, and a broken one is one of them; the desk asks for it in
    the morning.
    '''
"""


def test_what_several_docstrings_say_in_the_same_words_is_taught_of_none(sandbox, tmp_path):
    code = f"{FREE}\n\n{FREE.replace('free', 'unheld')}\n\n{BELL}"
    with Repository(sandbox.path, sandbox.commit("Begin", {"desk.py": code})) as repository:
        rows = full_examples_of("conciseness_drills", tmp_path, repository)
    assert [row.response() for row in rows] == ["`bell` returns every boat that leaves the northern pier."]


@pytest.mark.parametrize(
    ("subject", "short"),
    [
        ("Replace setting exc async w/cooperative helpers for threaded usage.", True),
        ("Skip the test of the consumer w/ sql.", True),
        ("Add an impl of the counter and its incrs.", True),
        ("Make less 633 behave like previous versions wrt", True),
        ("Replace `impl` and `exc` with whole words in the reader.", False),
        ("Except the bell of the pier from the timetable.", False),
    ],
)
def test_a_subject_in_shorthand_is_known(subject, short):
    assert has_shorthand(subject) is short


@pytest.mark.parametrize(
    ("subject", "slip"),
    [
        ("Add a specific icons for the piers.", True),
        ("Add an icons.", True),
        ("Fix a error of the reader.", True),
        ("Show an user on the pier.", True),
        ("Add a specific icon for the piers.", False),
        ("Add a process for the piers.", False),
        ("Cut a few words.", False),
        ("Restore the -a option.", False),
        ("Add an alias for the pier.", False),
        ("Add a holds table to the desk.", False),
        ("Add a one-line summary of an HTTP request.", False),
        ("Rename a `e` of an `uri` in the reader.", False),
    ],
)
def test_a_slip_with_an_article_is_known(subject, slip):
    assert has_slip(subject) is slip


@pytest.mark.parametrize("slip", ["the lock w/o waiting", "a new locks"])
def test_a_subject_in_shorthand_or_with_a_slip_is_not_handed_on(sandbox, tmp_path, slip):
    words = "new lock, seats, waiting, counted\n"
    sandbox.commit("Begin", {"desk.txt": words})
    sandbox.commit(f"Take {slip} of the seats\n\n{LOCK}", {"desk.txt": words * 2}, hours=1)
    whole = f"Take the lock at once before the seats are counted\n\n{LOCK}"
    sha = sandbox.commit(whole, {"desk.txt": words * 3}, hours=2)
    with Repository(sandbox.path, sha) as repository:
        said = [row.response() for row in full_examples_of("conciseness_drills", tmp_path, repository)]
    assert said
    assert not [text for text in said if slip in text]


@pytest.mark.parametrize(
    ("scope", "taken"),
    [("", True), ("fix: ", True), ("tests: ", False), ("fix(core): ", False), ("[ci] ", False)],
)
def test_a_subject_without_its_scope_is_left_out(sandbox, tmp_path, scope, taken):
    words = "lock, seats, counted, bell\n"
    sandbox.commit("Begin", {"desk.txt": words})
    sandbox.commit(
        f"{scope}Take the lock at once before the seats are counted\n\n{LOCK}",
        {"desk.txt": words * 2},
        hours=1,
    )
    bell = "Add a bell for the counted seats"
    sha = sandbox.commit(f"{bell}\n\n{LOCK}", {"desk.txt": words * 3}, hours=2)
    with Repository(sandbox.path, sha) as repository:
        said = [row.response() for row in full_examples_of("conciseness_drills", tmp_path, repository)]
    assert bool([text for text in said if "the lock at once before" in text]) is taken


def test_a_name_that_two_files_have_is_not_asked_for(sandbox, tmp_path):
    code = {"desk.py": f"{FREE}\n\n{BELL}", "pier.py": "def free():\n    return 1\n"}
    with Repository(sandbox.path, sandbox.commit("Begin", code)) as repository:
        rows = full_examples_of("conciseness_drills", tmp_path, repository)
    assert [row.response() for row in rows] == ["`bell` returns every boat that leaves the northern pier."]


def test_a_docstring_that_names_the_only_places_is_not_summed_up(tmp_path):
    source = {"kind": "git", "ref": "a.py:1"}
    summary = "Builds the table of all desks in a harbour."
    told = [
        DocstringTasks(
            [Docstring("desks", summary, [detail], source)], snapshot(tmp_path, settings=FULL)
        ).docstrings
        for detail in (
            "The only places where a desk changes its state are `open()` and `shut()`.",
            "A desk changes its state in `open()` and `shut()`.",
        )
    ]
    assert [len(one) for one in told] == [0, 1]


GRAPH = """subject,relation,object
bell,is_a,service
bell,owned_by,ines
bell,listens_on,7430
bell,calls,horn
bell,calls,ferry-db
bell,home pier,Skerry
horn,is_a,service
horn,owned_by,ines
Ines Holm,is_a,person
Ines Holm,owns,bell
Ines Holm,documented_in,STAFF.md
"""

GOALS = """goals:
- {id: new-bell, title: a new bell, state: blocked, owner: ines, deadline: 2026-12-01, depends_on: [quay-power]}
- {id: quay-power, title: power on the quay, state: done, owner: ines, deadline: 2026-11-01, depends_on: [plan]}
- {id: plan, title: a plan, state: active}
"""


def test_what_graph_and_goals_state_comes_out_of_a_text_whole(tmp_path):
    graph, goals = file(tmp_path, "graph.csv", GRAPH), file(tmp_path, "goals.yaml", GOALS)
    rows = full_examples_of("conciseness_drills", tmp_path, knowledge_graph=graph, goals=goals)
    said = {row.source.model_dump()["kind"]: row.response() for row in rows}
    assert len(rows) == 2
    assert said["graph"] in (
        "`bell` is a service, is owned by ines and listens on 7430. It calls `ferry-db` and `horn`.",
        "`bell`: a service; owned by ines; listens on 7430; calls `ferry-db` and `horn`",
    )
    assert said["table"] in (
        "`new-bell` is blocked, owned by ines and due on 2026-12-01. It needs `quay-power`.",
        "`new-bell`: blocked; owned by ines; due on 2026-12-01; needs `quay-power`",
    )
    for row in rows:
        assert all(word in row.prompt() for word in re.findall(r"`[^`]+`|\d[\d-]+|ines", row.response()))
        assert len(row.response().split()) < len(row.prompt().split()) / 2


@pytest.mark.parametrize(
    ("predicates", "summary"),
    [
        (
            ["is active", "is owned by ines", "is due on 2026-12-01"],
            "is active, owned by ines and due on 2026-12-01.",
        ),
        (["is a service", "is owned by ines"], "is a service and is owned by ines."),
        (
            ["is owned by front-office", "listens on 8200", "depends on `a` and `b`"],
            "is owned by front-office. It listens on 8200 and depends on `a` and `b`.",
        ),
        (["is blocked", "needs `a` and `b`", "needs `c`"], "is blocked. It needs `c`. It needs `a` and `b`."),
    ],
)
def test_statements_about_one_thing_name_it_once(predicates, summary):
    assert Entry("bell", predicates, {}).summary() == f"`bell` {summary}"


def test_the_long_text_says_it_in_sentences_of_its_own():
    one = Entry("bell", ["is owned by ines", "listens on 1 and 2", "is due on 2026-12-01"], {})
    assert one.facts() == [
        "The owner of `bell` is ines.",
        "`bell` listens on 1 and 2.",
        "The deadline of `bell` is 2026-12-01.",
    ]


@pytest.mark.parametrize(
    ("heading", "asked"),
    [("HOLDS ONLY", False), ("Explicitly held", False), ("Out of scope", False), ("The hold of seats", True)],
)
def test_a_heading_that_nobody_asks_about_is_no_subject(tmp_path, heading, asked):
    rows = of_documents(tmp_path, HOLDS.replace("# Holds\n", f"# {heading}\n").partition("## ")[0])
    assert bool(rows) is asked


def test_below_the_first_paragraph_a_fact_names_its_subject_in_code(tmp_path):
    first = "# The tools\n\nNine of them.\n\n"
    taken = (
        first + "`bell` keeps the list of all boats that have to leave before noon, one version per pier.\n"
    )
    assert [row.source.ref.rpartition(":")[2] for row in of_documents(tmp_path, taken)]
    left = first + "The limit of a pier is 20 boats, and a boat that comes later has to wait until noon.\n"
    assert not of_documents(tmp_path, left)


def test_a_commit_is_not_announced_and_code_is_not_summed_up(sandbox, tmp_path):
    code = (
        'def ring(pier):\n    """Checks the bell of a pier until somebody answers it."""\n'
        + "    pier.bell()\n" * 4
    )
    sandbox.commit("Begin", {"desk.txt": "lock, seats", "bell.py": code})
    message = f"Take the lock at once before the seats are counted\n\n{LOCK}"
    sha = sandbox.commit(message, {"desk.txt": TEXT}, hours=1)
    with Repository(sandbox.path, sha) as repository:
        (row,) = full_examples_of("conciseness_drills", tmp_path, repository)
    assert row.response().removesuffix(".") == "Take the lock at once before the seats are counted"
