"""Verbose to terse: every required fact kept, at most half of the tokens."""

import pytest

from autodidact.errors import Skipped
from autodidact.generators.conciseness_drills import concise, required, tokens
from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import answers, examples_of, file, snapshot, troubles

LONG = "It is perhaps worth saying, at this point, that the shop, as everybody knows, sells 12 boats a day."


@pytest.mark.parametrize(
    ("terse", "right"),
    [
        ("The shop sells 12 boats.", True),
        ("The shop sells boats.", False),  # a fact is lost
        ("The shop sells 120 boats.", False),  # another number is not the number
        ("As everybody knows, the shop sells 12 boats a day, perhaps.", False),  # too long
    ],
)
def test_terse_keeps_the_facts_in_half_of_the_tokens(terse, right):
    assert concise(LONG, terse, ["shop", "12", "boats"]) is right


def test_a_sentence_that_stands_for_something_in_another_one_is_no_drill(tmp_path):
    docs = file(
        tmp_path,
        "keys.md",
        "# Keys\n\nThe script binds keys to the names of branches. I strongly recommend that you check them out"
        " today. Their order is that of the alphabet, as everybody knows.\n",
    )
    examples = list(examples_of("conciseness_drills", snapshot(tmp_path, documents=[docs])))
    assert {e.response() for e in examples} == {"The script binds keys to the names of branches."}


def test_what_a_text_requires_is_its_words_without_the_little_ones():
    assert required("The cache is never backed up.") == ["cache", "never", "backed", "up"]
    assert tokens("It's 9.5 m.") == 8


def test_sentences_of_documents_are_buried_and_dug_out(tmp_path):
    docs = file(
        tmp_path,
        "ops.md",
        "# Backups\n\nThe cache is never backed up. It is small. Ledger copies are made at 02:00 every"
        " night.\n",
    )
    examples = list(examples_of("conciseness_drills", snapshot(tmp_path, documents=[docs])))
    assert {e.response() for e in examples} == {
        "The cache is never backed up.",
        "Ledger copies are made at 02:00 every night.",
    } | {e.response() for e in examples if e.response().startswith("The cache is never backed up. Ledger")}
    for example in examples:
        verbose = example.prompt().partition("\n")[2]
        assert example.response().split(". ")[0] in verbose
        assert concise(verbose, example.response(), example.required)


def test_a_docstring_is_cut_to_its_first_sentence(sandbox, tmp_path):
    doc = '''def pay(card):
    """Captures the card once.

    The capture is given a key of its own, so that a second try after a timeout
    does not charge twice. It raises Refused when the bank says no.
    """


def short():
    """Nothing to cut."""
'''
    commit = sandbox.commit("Begin", {"shop.py": doc, "broken.py": "def ("})
    with Repository(sandbox.path, commit) as repository:
        seen = snapshot(tmp_path, repository)
        examples = list(examples_of("conciseness_drills", seen))
    assert [e.response() for e in examples] == ["Captures the card once."]
    assert examples[0].source.model_dump() == {
        "kind": "git",
        "ref": "shop.py:1",
        "commit": commit,
        "path": "shop.py",
        "lines": [1, 6],
    }
    assert troubles(seen) == {"not Python 3": 1}


def test_one_value_is_asked_for_out_of_a_paragraph(tmp_path):
    graph = file(
        tmp_path,
        "g.csv",
        "from,type,to\nshop,owned_by,ada\nshop,listens_on,8080\nshop,written_in,Go\nshop,depends_on,mail\n",
    )
    told = answers(examples_of("conciseness_drills", snapshot(tmp_path, knowledge_graph=graph)))
    asked = {answer for ask, answer in told.items() if "Answer with the value alone." in ask}
    assert asked == {"ada", "8080", "Go", "mail"}


def test_skipped_without_texts(tmp_path):
    with pytest.raises(Skipped, match="no document, docstring or graph"):
        list(examples_of("conciseness_drills", snapshot(tmp_path)))


@pytest.mark.parametrize("hole", [":math:`x^2`", "|minutes|", ":ref:`holds`"])
def test_a_docstring_or_a_sentence_with_a_hole_is_left_out_and_counted(sandbox, tmp_path, hole):
    doc = f'def keep(hold):\n    """Keeps the hold for {hole} minutes.\n\n    The rest of it says more, and says it at some length here.\n    """\n'
    text = f"Holds\n=====\n\nThe desk keeps all holds for {hole} minutes. The desk opens at nine in the morning.\n"
    with Repository(sandbox.path, sandbox.commit("Begin", {"hold.py": doc, "holds.rst": text})) as repository:
        seen = snapshot(tmp_path, repository)
        said = {example.response() for example in examples_of("conciseness_drills", seen)}
    assert said == {"The desk opens at nine in the morning."}
    assert sum(troubles(seen).values()) == 2


def said(tmp_path, text: str, more: str = "# More\n") -> list[str]:
    paths = [file(tmp_path, "ops.md", text), file(tmp_path, "more.md", more)]
    examples = examples_of("conciseness_drills", snapshot(tmp_path, documents=paths))
    return sorted(example.response() for example in examples)


def test_only_sentences_that_are_neighbours_in_a_paragraph_are_joined(tmp_path):
    parts = [
        f"The part {n} holds the accounts of pier {n}. Pier {n} has a ledger of its own." for n in "abdefg"
    ]
    apart = [text.replace(". Pier", ". It is old. Pier") for text in parts]
    lines = "\n\n".join(apart)
    assert not [text for text in said(tmp_path, f"# Piers\n\n{lines}\n") if ". " in text]
    lines = "\n\n".join(parts)
    joined = [text for text in said(tmp_path, f"# Piers\n\n{lines}\n") if ". " in text]
    assert sorted(joined) == parts


def test_a_sentence_that_goes_on_is_drilled_with_those_that_it_goes_on_from(tmp_path):
    one = "Orders are kept in the ledger of the pier."
    two = "They are copied to the harbour every night."
    three = "That takes a minute at most."
    assert set(said(tmp_path, f"# Orders\n\n{one} {two} {three}\n")) == {
        one,
        f"{one} {two}",
        f"{one} {two} {three}",
    }
    # The harbour's own reason is not known, nor what goes on from it.
    assert set(said(tmp_path, f"# Orders\n\n{one} We copy them every night. {three}\n")) == {one}


def test_no_filler_parts_what_goes_on_from_what_it_goes_on_from(tmp_path):
    text = "Orders are kept in the ledger of the pier. They are copied to the harbour every night."
    docs = file(tmp_path, "orders.md", f"# Orders\n\n{text}\n")
    rows = examples_of("conciseness_drills", snapshot(tmp_path, documents=[docs]))
    assert [text in row.prompt() for row in rows if row.response() == text] == [True]


def test_what_several_documents_say_is_drilled_once(tmp_path):
    text = "# Licence\n\nThe project is licensed under MIT or Apache.\n"
    assert said(tmp_path, text, text) == ["The project is licensed under MIT or Apache."]


def test_a_copied_docstring_that_names_something_is_nobodys(sandbox, tmp_path):
    rest = (
        "\n\n    It takes a class or an instance, and gives the instance.\n    It raises what it must.\n    "
    )
    code = "".join(
        f'def {name}(value):\n    """{first}{rest}"""\n\n\n'
        for name, first in (
            ("schema", "Return a Schema instance from a class."),
            ("field", "Return a Schema instance from a class."),
            ("close", "Close what is open here."),
            ("end", "Close what is open here."),
        )
    )
    with Repository(sandbox.path, sandbox.commit("Begin", {"shop.py": code})) as repository:
        rows = list(examples_of("conciseness_drills", snapshot(tmp_path, repository)))
        told = list(examples_of("ast_parser", snapshot(tmp_path, repository)))
    assert {row.response() for row in rows} == {"Close what is open here."}
    assert not [row for row in told if row.response().startswith("Return a Schema instance")]


@pytest.mark.parametrize(
    ("doc", "drilled"),
    [
        (
            "Return all items of the query.\n\n    Where a key comes twice, the last one is told as well.",
            True,
        ),
        (
            "Return all items of the query.\n\n    Where a key comes twice, only the first one is returned.",
            False,
        ),
        (
            "Return all items of the query.\n    The last one comes first, unlike in a table.\n\n    :param query: It.",
            True,
        ),
        (
            "Return all items of the query.\n\n    Returns `None` where the pool is shut or the query is empty.",
            True,
        ),
        (
            "Return all items of the query.\n\n    Returns: a list of what is in the pool, in its order.",
            False,
        ),
        (
            "Send a `GET` request.\n\n    **Parameters**: See `httpx.request`, which has the same ones, too.",
            False,
        ),
    ],
)
def test_a_docstring_is_cut_where_the_rest_is_prose_that_takes_nothing_back(sandbox, tmp_path, doc, drilled):
    other = 'def end(pool):\n    """Close the pool.\n\n    What waits is told so, and is tried again later.\n    """\n'
    code = f'def items(query):\n    """{doc}\n    """\n\n\n{other}'
    with Repository(sandbox.path, sandbox.commit("Begin", {"shop.py": code})) as repository:
        rows = list(examples_of("conciseness_drills", snapshot(tmp_path, repository)))
    first = doc.partition("\n")[0]
    assert {row.response() for row in rows} == {"Close the pool."} | ({first} if drilled else set())
