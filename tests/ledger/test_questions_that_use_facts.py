from autodidact.knowledge.fact import Question
from autodidact.ledger.questions_that_use_facts import chosen, judged, prompts, summary
from tests.ledger.facts import fact


def use(ask, accept, confuse=(), subject="Basket"):
    return Question(
        id=f"use-{subject}",
        generator="ast_parser",
        kind="defined_in",
        subject=subject,
        reserved=ask,
        answer=accept[0],
        accept=list(accept),
        confuse=list(confuse),
        source={"kind": "git", "ref": "shop/basket.py:4"},
    )


IMPORT = fact(use=use("Complete the import line: `from ? import Basket`", ["shop.basket", "shop"]))
PORT = fact(
    "8025", subject="mail", earlier=[("25", "2026-05-01")], use=use("Complete: `localhost:?`", ["8025"])
)


def test_the_use_of_a_fact_is_asked_in_its_own_words():
    (prompt,) = prompts([IMPORT, fact(subject="None")])
    assert prompt.id == "use-Basket"
    assert prompt.messages == [
        {"role": "user", "content": "Complete the import line: `from ? import Basket`"}
    ]


def test_an_answer_is_right_by_what_the_use_needs():
    assert judged(IMPORT, "from shop.basket import Basket") == "known"
    assert judged(IMPORT, "from store.basket import Basket") == "wrong"
    assert judged(IMPORT, "I do not know.") == "unknown"


def test_of_two_that_the_question_names_the_wrong_one_and_both_are_wrong():
    ask = "One line calls `A.run`, another one `B.run`. Which of the two classes defines it?"
    two = fact("A", kind="method_of", subject="run", use=use(ask, ["A", "A.run"], ["B", "B.run"]))
    found = {text: judged(two, text) for text in ("`A.run`", "B", "`A` and `B`", "I do not know.")}
    assert found == {"`A.run`": "known", "B": "wrong", "`A` and `B`": "wrong", "I do not know.": "unknown"}


def test_whoever_still_uses_what_was_true_is_stale():
    assert judged(PORT, "localhost:8025") == "known"
    assert judged(PORT, "localhost:25") == "stale"
    assert judged(PORT, "localhost:80", ["80", "8025"]) == "wrong"


def test_a_quarter_of_those_asked_is_asked_about_uses_the_kinds_in_turn():
    many = [fact(subject=f"C{n}", use=use("?", ["x"], subject=f"C{n}")) for n in range(30)]
    few = [fact(subject=f"m{n}", kind="method_of", use=use("?", ["x"], subject=f"m{n}")) for n in range(2)]
    without = [fact(subject=f"D{n}") for n in range(8)]
    found = chosen([*many, *few, *without], "2026-11-23T1200Z")
    assert [f.kind for f in found] == ["defined_in", "method_of"] * 2 + ["defined_in"] * 6


def test_what_is_used_stands_beside_what_is_recalled_of_the_same_facts():
    found = summary(
        [IMPORT, PORT], {IMPORT.id: "known", PORT.id: "wrong"}, {IMPORT.id: "known", PORT.id: "known"}
    )
    assert found["by"]["ast_parser/defined_in"] == {
        "asked": 2, "recalled": 2, "known": 1, "unknown": 0, "stale": 0, "wrong": 1,
    }  # fmt: skip
    assert (
        found["says"]
        == "of 2 facts of the sample it states 2 when asked directly, and uses 1 correctly in a task that needs the fact"
    )
