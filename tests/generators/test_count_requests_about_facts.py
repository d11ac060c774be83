"""In how many requests of conversations the subject of a fact is named."""

from datetime import timedelta

import pytest

from autodidact.generators.count_requests_about_facts import counts
from tests.generators.test_session_miner import session
from tests.ledger.facts import fact
from tests.sandbox import NOON

CART = fact(subject="CartView")
SEND = fact(subject="send_receipt", kind="method_of")
MAIL = fact(subject="mail", kind="port", generator="architecture_docs")
GOAL = fact(subject="Move to Postgres", kind="owner", generator="goal_examples")
GONE = fact(None, subject="OldCart")
ALL = [CART, SEND, MAIL, GOAL, GONE]
NAMES = {each.id: each.subject for each in ALL}


@pytest.fixture
def asked(tmp_path):
    def make(*requests, until=NOON + timedelta(hours=1)):
        turns = [turn for text in requests for turn in (("user", text), ("say", "Here it is."))]
        (tmp_path / "talk.jsonl").write_text(session(*turns))
        return {NAMES[id]: count for id, count in counts(ALL, [str(tmp_path)], until).items()}

    return make


def test_each_request_that_names_a_subject_counts_once(asked):
    found = asked("Where is CartView? I mean CartView.", "Does CartView.send_receipt work?", "And OldCart?")
    assert found == {"CartView": 2, "send_receipt": 1, "OldCart": 1}


def test_an_ordinary_word_counts_only_as_code(asked):
    assert asked("Send them a mail.", "Which port has `mail`?") == {"mail": 1}


def test_a_subject_of_several_words_counts_however_it_is_written(asked):
    assert asked("When will we move to postgres?", "Postgres, to move to?") == {"Move to Postgres": 1}


def test_a_longer_name_is_another_one(asked):
    assert asked("What is CartViewModel?", "resend_receipt fails", "OldCartoon") == {}


def test_a_pasted_text_counts_for_nothing(asked):
    assert asked("CartView " * 300) == {}


def test_only_the_last_thirty_days_count(asked):
    assert asked("Where is CartView?", until=NOON + timedelta(days=31)) == {}
    # What was said later is not of this cycle.
    assert asked("Where is CartView?", until=NOON - timedelta(hours=1)) == {}
