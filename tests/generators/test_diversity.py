"""One example a prompt, and the figure that says how varied a generator's examples are."""

from types import SimpleNamespace

from autodidact.generators.limit_examples import limited
from autodidact.generators.writing.diversity import Diversity
from autodidact.records import example
from autodidact.stage import Troubles

SOURCE = {"kind": "template", "ref": "t"}


def row(question: str, answer: str, **also):
    return example("tool_spec", "tool_use", question, answer, SOURCE, **also)


def run():
    return SimpleNamespace(troubles=Troubles(), counts={})


def test_a_sentence_with_a_slot_is_half_as_varied_as_two_sentences():
    diversity = Diversity()
    diversity.add(row("Where is the port of a set?", "In the file a."))  # 5 triples, all new; 2 triples
    diversity.add(row("Where is the port of b set?", "In the file b."))  # 5 triples, 2 new; 2 triples, 1 new
    assert diversity.figures() == {"prompts": 0.7, "answers": 0.75}


def test_texts_without_three_words_have_no_figure():
    diversity = Diversity()
    diversity.add(row("Which port?", "8080"))
    assert diversity.figures() == {}


def test_the_second_example_of_a_prompt_is_left_out_and_counted():
    work = run()
    rows = [
        row("Which port does it use?", "8080"),
        row("Which port does it use?", "It uses 8080."),
        row("Which host does it use?", "a"),
    ]
    assert [r.messages[-1]["content"] for r in limited(rows, 10, work)] == ["8080", "a"]
    assert work.counts["examples"] == 2
    assert [(e.reason, e.count) for e in work.troubles.list()] == [("the same prompt twice", 1)]


def test_examples_that_teach_a_fact_of_the_probe_do_not_count_against_the_limit():
    work = run()
    rows = [row("one?", "1", probe="p"), row("two?", "2"), row("three?", "3"), row("four?", "4")]
    assert [r.messages[-1]["content"] for r in limited(rows, 2, work)] == ["1", "2", "3"]
