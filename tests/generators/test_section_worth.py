"""Which documents and sections architecture_docs asks about in the register `full`."""

import pytest

from autodidact.generators.architecture_docs.full.document_block import Block
from autodidact.generators.architecture_docs.full.heading_phrases import tells
from autodidact.generators.architecture_docs.full.section_blocks import Part
from autodidact.generators.architecture_docs.full.section_worth import (
    is_example_data,
    is_generated,
    is_placed,
    repeated_openings,
    says_little,
)
from autodidact.generators.writing.conversations import _FILE
from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import FULL, examples_of, file, snapshot


def part(*texts: str, title: str = "Further help", kind: str = "text") -> Part:
    blocks = [Block(kind, text, lines=(n, n)) for n, text in enumerate(texts, 2)]
    return Part(section=None, title=title, level=2, above=(), blocks=blocks)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("examples/pager/artichoke.md", True),
        ("internal/testdata/long.md", True),
        ("tests/fixtures/page.rst", True),
        ("examples/README.md", False),
        ("docs/examples.md", False),
        ("docs/testing.rst", False),
    ],
)
def test_what_an_example_program_reads_is_no_document(path, data):
    assert is_example_data(path) is data


@pytest.mark.parametrize(
    ("text", "little"),
    [
        # The link that it is there for is not in the quotation.
        ("To get more help on the CLI use `ng help` or go check out the CLI README.", True),
        (
            "For more applications see Charm & Friends. Is there something cool that you made? PRs are welcome!",
            True,
        ),
        ("Read more about it in the guide.", True),
        ("The platform of choice for all who want to make a monthly donation to the shop.", True),
        ("Learn how the shop lets you send what you have to say to all who want to hear it.", True),
        ("The connection is configured according to the Client Configuration of the shop.", True),
        ("A warm shutdown lets the worker finish what it has begun. See the flags for more.", False),
        ("A trap is what one steps into without a look at the sign that stands beside it.", False),
    ],
)
def test_a_section_that_only_sends_elsewhere_says_little(text, little):
    assert says_little(part(text), []) is little


@pytest.mark.parametrize(
    ("items", "little"),
    [("- The guide: https://shop.example/guide", True), ("- The guide\n- The map", False)],
)
def test_a_list_of_addresses_only_sends_elsewhere(items, little):
    found = part("Based on these:")
    found.blocks.append(Block("list", items, lines=(4, 5)))
    assert says_little(found, []) is little


def test_a_list_of_names_after_a_word_that_sends_elsewhere_says_little():
    found = part("To see how it is used in the real world, have a look at these projects:")
    found.blocks.append(Block("list", "* pytest\n* tox", lines=(4, 5)))
    assert says_little(found, [])


def test_a_few_words_in_front_of_subsections_are_no_answer_for_the_section():
    intro = part("This is a guide that shows step by step how the examples are started on a machine.")
    assert says_little(intro, [part("Install Java.")])
    assert not says_little(intro, [])
    assert not says_little(part("make all", kind="code"), [part("Install Java.")])


def test_a_sentence_with_which_two_sections_begin_tells_nobody_which_one_is_meant():
    install = "You can install the package from the official repository."
    parts = [part(install), part(install), part("The cache is emptied at night.")]
    assert repeated_openings(parts) == {install}


@pytest.mark.parametrize(
    ("heading", "alone"),
    [
        ("Build", False),
        ("Limitations", False),
        ("On Fedora", False),
        ("Running unit tests", True),
        ("Memory object streams", True),
        ("On openSUSE Linux", False),
        ("worker_pool", True),
    ],
)
def test_one_word_does_not_say_what_a_section_is_about(heading, alone):
    assert tells(heading) is alone


def test_nobody_looks_for_the_place_of_the_name_of_a_readme():
    parts = [part("Counts.", title="Shop - counts what is sold"), part("Runs.", title="Running unit tests")]
    assert [is_placed(one, parts, "README.md") for one in parts] == [False, True]
    assert [is_placed(one, parts, "docs/shop.md") for one in parts] == [True, True]


@pytest.mark.parametrize(
    ("title", "placed"),
    [
        ("Arch Linux", False),
        ("Linux / macOS", False),
        ("Cargo and Homebrew", False),
        ("Windows services", True),
    ],
)
def test_nobody_looks_for_the_place_of_a_platform(title, placed):
    assert is_placed(part("You can install it.", title=title), [], "README.md") is placed


def test_what_a_tool_writes_into_a_new_project_is_not_quoted():
    assert is_generated(
        "# Web\n\nThis project was generated with [Angular CLI](https://angular.io) version 7.0.4.\n"
    )
    assert is_generated("# Getting Started with Create React App\n\nIn the project directory, you can run:\n")
    assert not is_generated("# Shop\n\nThe client of the shop is generated from its description.\n")


DOCS = """# Guide

## Build

Run `make all` to build the whole project from its sources; the result is kept in the folder `dist` until the next
run.

## Starting the worker at night

The worker is started at night by the scheduler, which reads the plan for that.

## Chapters of the guide to the worker

Short.

### One of the parts

The first part is what a worker does while it is awake and has work.

### Another of the parts

The second part is what a worker does while it is asleep and has none.

### Last of the parts

The third part is what a worker does when it ends and gives its place away.
"""


def test_a_heading_of_one_word_is_asked_about_with_its_document(tmp_path):
    seen = snapshot(tmp_path, settings=FULL, documents=[file(tmp_path, "guide.md", DOCS)])
    rows = list(examples_of("architecture_docs", seen))
    about = [row for row in rows if row.source.model_extra["asks"][1] == "Build"]
    assert about and all("guide.md" in row.prompt() for row in about)
    # No table of contents.
    assert not [row for row in rows if "- Another of the parts" in row.response()]


def test_a_folder_is_described_only_by_what_speaks_of_it(sandbox, tmp_path):
    files = {
        "tools/README.md": "# Tools\n\nThis folder has the scripts with which a release is made and signed.\n",
        "tutorials/README.md": "# Basics\n\nTea is based on the ideas of Elm, which happens to work nicely with Go.\n",
        "web/README.md": "# Web\n\nThis project was written in two weeks and then left alone for years.\n",
        "demos/README.md": "# Demos\n\n## Screens\n\nThe `screens` demo shows how one screen is left for another one.\n",
    }
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        rows = list(examples_of("architecture_docs", snapshot(tmp_path, repository, settings=FULL)))
    told = {
        row.source.model_extra["asks"][1] for row in rows if row.source.model_extra["asks"][0] == "folder"
    }
    assert told == {"tools"}


ALONE = """services:
  web: {image: "shop/web:3", depends_on: [db]}
  db: {image: "postgres:16"}
  old: {image: "shop/old:1", ports: ["7099:80"]}
"""


def test_what_nobody_needs_is_not_started_alone_and_an_image_is_no_description(tmp_path):
    def kinds(text: str) -> set[tuple[str, ...]]:
        seen = snapshot(tmp_path, settings=FULL, documents=[file(tmp_path, "docker-compose.yml", text)])
        return {tuple(row.source.model_extra["asks"]) for row in examples_of("architecture_docs", seen)}

    found = kinds(ALONE)
    assert ("compose start", "web") in found and ("compose start", "db") not in found
    assert ("compose brief", "old") in found
    # Without any `depends_on` the file does not tell who needs whom.
    bare = kinds(ALONE.replace(", depends_on: [db]", ""))
    assert not {kind for kind in bare if kind[0] in ("compose start", "compose down")}
    assert ("compose brief", "web") not in bare


@pytest.mark.parametrize(
    ("answer", "cited"),
    [
        ("It is in `app/jobs.py`, line 3.", True),
        ("By `compose.yaml`: yes.", True),
        ("See the Makefile.", True),
        ("`Path.open` calls `os.stat`.", False),
        ("Send `GET /orders/{id}` to `api.shop.example`.", False),
        ("`app.jobs` imports `app.money`.", False),
    ],
)
def test_who_is_to_cite_a_file_answers_with_one(answer, cited):
    assert bool(_FILE.search(answer)) is cited


def test_a_service_whose_needs_are_not_known_is_not_described(tmp_path):
    text = (
        'services:\n  db: {image: "postgres:16"}\n  web:\n    image: "shop/web:3"\n    ports: ["8080:80"]\n'
    )
    text += '    depends_on: [db]\n    links: ["db:shop-db"]\n    environment: {DB_HOST: shop-db}\n'

    def described(text: str) -> set[str]:
        seen = snapshot(tmp_path, settings=FULL, documents=[file(tmp_path, "docker-compose.yml", text)])
        asks = [row.source.model_extra["asks"] for row in examples_of("architecture_docs", seen)]
        return {name for kind, name in asks if kind == "compose brief"}

    assert "web" not in described(text)
    assert "web" in described(text.replace('    links: ["db:shop-db"]\n', "").replace("shop-db", "db"))


def test_a_note_that_compares_with_what_is_not_shown_is_no_note(tmp_path):
    text = "# Guide\n\n## Rules for the nodes of the cluster\n\nThe rules say on which nodes the pods of the shop run.\n\n"
    text += "> [!NOTE]\n> A selector for nodes will behave in a similar fashion.\n"
    seen = snapshot(tmp_path, settings=FULL, documents=[file(tmp_path, "guide.md", text)])
    assert not [row for row in examples_of("architecture_docs", seen) if "similar fashion" in row.response()]
