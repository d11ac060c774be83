"""A reworded text is kept when it says the same, and refused when a fact was lost, invented, swapped or
turned round.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodidact.teacher.same_facts import difference

ANSWER = (
    "`Client.send` is defined in `httpx/_client.py`, at line 901. It does not retry, and raises `ReadTimeout`"
    " after 5 seconds."
)


@pytest.mark.parametrize(
    ("original", "varied"),
    [
        (ANSWER, ANSWER),
        (
            ANSWER,
            (
                "You'll find `Client.send` declared in `httpx/_client.py` at line 901; it doesn't retry and"
                " raises `ReadTimeout` after 5 seconds."
            ),
        ),
        ("Who calls `BaseClient._build_auth`?", "Quick question: who is calling `BaseClient._build_auth`?"),
        ("Which file defines `open_cycle`?", "Please tell me which file has the definition of `open_cycle`."),
        (
            "What is the default of `timeout` in `connect`?",
            "Can you tell me the default of `timeout` in `connect`, please?",
        ),
        ("No tool of mine does that.", "None of my tools does that."),
    ],
)
def test_the_same_in_other_words(original, varied):
    assert difference(original, varied) is None


@pytest.mark.parametrize(
    ("original", "varied", "why"),
    [
        (ANSWER, ANSWER.replace("_client.py", "_clients.py"), "lost 'httpx/_client.py'"),
        (ANSWER, ANSWER.replace("901", "910"), "lost '901'"),
        (ANSWER, ANSWER.replace("does not retry", "does retry"), "a negation changed"),
        (ANSWER, ANSWER.replace("`ReadTimeout`", "an error"), "lost 'ReadTimeout'"),
        (ANSWER, ANSWER + " It is thread-safe.", "new 'safe'"),
        (ANSWER, ANSWER + " See `Client.stream`.", "new 'Client.stream'"),
        (ANSWER, ANSWER.replace("after 5", "before 5"), "a relation changed"),
        (ANSWER, "", "it is empty"),
        ("`a` calls `b`.", "`b` calls `a`.", "facts changed places"),
        ("`a` calls `b`.", "`a` is called by `b`.", "a relation changed"),
        ("Who calls `send`?", "What does `send` call?", "a relation changed"),
        ("Who calls `send`?", "Where is the call of `send`?", "what is asked changed"),
        ("Which functions call `send`?", "Which functions does `send` call?", "a relation changed"),
        ("It keeps three copies.", "It keeps four copies.", "a number word changed"),
        ('It answers "late".', 'It answers "early".', "lost 'late'"),
        ("It is owned by the money team.", "It is owned by the money team in Lisbon.", "new 'Lisbon'"),
        ("Only `a` may write.", "`a` may write.", "a relation changed"),
        ("At least 3 are needed.", "At most 3 are needed.", "a relation changed"),
        ("```python\nx = 1\n```\nWhat is it?", "```python\nx = 2\n```\nWhat is it?", "a code block changed"),
        ("Due 2026-12-11.", "Due 2026-12-01.", "lost '2026-12-11'"),
        ("The old class is deprecated.", "The old class is it.", "lost 'deprecat'"),
        ("The queue is empty.", "The queue is unavailable.", "lost 'empt'"),
    ],
)
def test_falsified(original, varied, why):
    assert difference(original, varied) == why


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_are_compared(one, other):
    assert difference(one, other) is None or difference(one, other)
    if one.strip():
        assert difference(one, one) is None
