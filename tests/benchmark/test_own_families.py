"""A user's own families: read as data, tested when they are loaded, asked in the blocks that decide; a bad
file is one clear line.
"""

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodidact.benchmark import user_families
from autodidact.benchmark.items import block, dev_items, find, suite_digest
from autodidact.benchmark.scorers import score
from autodidact.benchmark.suite import families, family_files
from autodidact.errors import UsageError

SHIPPED = Path(family_files.__file__).parent / "families"
ORDERS = f"order: {list(range(1000, 1200))}"

ROUTE = """
category: intent_classification
about: Which of our queues takes a ticket.
scorer: label
prompt: |
  Queues: billing, mail, search.
  {who} writes: "{text} The order is {order}."
  Which queue? Reply with its name.
answer: "{queue}"
target: {labels: [billing, mail, search]}
rows:
  - {queue: billing, text: I was charged twice.}
  - {queue: mail, text: No confirmation came.}
  - {queue: search, text: The list stays empty.}
slots:
  who: [Ada, Ben, Cleo, Dag]
  ORDERS
""".replace("ORDERS", ORDERS)

RESTART = """
category: tool_use
name: restart
scorer: call
prompt: "{who} asks: restart {service} with {n} workers."
tools:
  - type: function
    function:
      name: restart
      description: Restart a service.
      parameters:
        type: object
        properties: {service: {type: string}, workers: {type: integer}}
        required: [service, workers]
answer: {name: restart, arguments: {service: "{service}", workers: "{n}"}}
slots:
  who: [Ada, Ben, Cleo, Dag, Eva]
  service: SERVICES
  n: NUMBERS
""".replace("SERVICES", str([f"svc{n}" for n in range(20)])).replace("NUMBERS", str(list(range(2, 30))))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "queues.yaml").write_text(ROUTE)
    (tmp_path / "restart.yaml").write_text(RESTART)
    (tmp_path / "notes.txt").write_text("not a family")
    return tmp_path


def test_own_families_join_the_blocks_that_decide_and_block_0_stays_as_published(folder):
    own = str(folder)
    assert block(0, own=own) == block(0)
    more = [item for item in block(1, week="2026-W48", own=own) if item.own]
    assert [item.id for item in more] == ["intent_classification/queues/1", "tool_use/restart/1"]
    assert len(block(1, week="2026-W48", own=own)) == 137 and len(block(1, week="2026-W48")) == 135
    assert [find(item.id, week="2026-W48", own=own) for item in more] == more
    assert more[1].payload != find("tool_use/restart/1", week="2026-W49", own=own).payload


def test_a_value_that_is_a_number_stays_one_and_the_answer_scores_by_the_rules(folder):
    item = find("tool_use/restart/2", own=str(folder))
    arguments = item.reference["tool_calls"][0]["function"]["arguments"]
    assert isinstance(arguments["workers"], int) and item.tools[0]["function"]["name"] == "restart"
    assert score(item, item.reference).value == 1.0 and score(item, {"content": "restart"}).value == 0.0
    queue = find("intent_classification/queues/1", own=str(folder))
    assert score(queue, {"content": "billing, mail, search"}).value == 0.0


def test_they_are_never_trained_on(folder):
    assert all(
        family.hidden
        for members in user_families.families_with(str(folder)).values()
        for family in members
        if family.name in ("queues", "restart")
    )
    assert not [item for item in dev_items(200, rng=Random(1)) if item.own]
    with pytest.raises(UsageError, match="tool_use/restart is hidden from dev"):
        find("tool_use/restart/dev-1", own=str(folder))


def test_the_digest_knows_their_text(folder):
    before = suite_digest(1, str(folder))
    assert before != suite_digest(1)
    (folder / "queues.yaml").write_text(ROUTE + "# changed\n")
    assert suite_digest(1, str(folder)) != before


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "category: intent_classification",
            "category: intents",
            "unknown category 'intents'. Use one of intent_classification, ",
        ),
        ("scorer: label", "scorer: regex", "unknown scorer 'regex'. Use one of label, "),
        ("scorer: label", "scorer: [label]", "unknown scorer \\['label'\\]"),
        ("answer:", "anwser:", "unknown field 'anwser'. Did you mean 'answer'\\?"),
        ('answer: "{queue}"', "", "it has no 'answer'"),
        ('answer: "{queue}"', 'answer: "{que}"', "{que} is no slot. There are: order, queue, text, who"),
        ('answer: "{queue}"', "answer: billing", "the answer 'billing' is right for 100% of its items"),
        ('answer: "{queue}"', "answer: nobody", "its own answer scores 0: "),
        (
            "target: {labels: [billing, mail, search]}",
            "",
            "does not suit its scorer \\(KeyError: 'labels'\\)",
        ),
        ("target: {labels: [billing, mail, search]}", "target: {labels: 7}", "does not suit its scorer"),
        (ORDERS, "order: [1, 2, 3]", "it has 36 different items, 2000 are needed. Add slots"),
        (ORDERS, "order: []", "the slot 'order' is no list of texts and numbers"),
        (
            "who: [Ada, Ben, Cleo, Dag]",
            "who: [Ada, no]",
            "the slot 'who' is no list of texts and numbers. .*quote words such as yes and no",
        ),
        ("who: [Ada, Ben, Cleo, Dag]", "who: [Ada, Ada]", "the slot 'who' has a value twice"),
        ("{who} writes:", "Somebody writes:", "the slot 'who' does not occur in the prompt"),
        (
            "- {queue: mail, text: No confirmation came.}",
            "- {queue: mail}",
            "`rows` is no list of mappings with the same names",
        ),
        ("about: Which of our queues takes a ticket.", "max_tokens: 90000", "max_tokens is 90000"),
        (
            "about: Which of our queues takes a ticket.",
            "name: Our Queues",
            "'Our Queues' is no name of a family",
        ),
        (
            "about: Which of our queues takes a ticket.",
            "name: route_request",
            "there is a family intent_classification/route_request already",
        ),
        ("about: Which of our queues takes a ticket.", "about: [", "it is no YAML: "),
        (
            "about: Which of our queues takes a ticket.",
            "about: !!python/object/apply:os.system [ls]",
            "it is no YAML: ",
        ),
        ("who: [Ada, Ben, Cleo, Dag]", "who: &w [Ada, Ben]\n  x: *w", "it uses a YAML alias"),
    ],
)
def test_a_bad_file_is_one_clear_line_that_names_it(folder, old, new, says):
    assert old in ROUTE
    (folder / "queues.yaml").write_text(ROUTE.replace(old, new))
    with pytest.raises(UsageError, match=says) as caught:
        block(1, own=str(folder))
    assert "\n" not in str(caught.value) and "queues.yaml: " in str(caught.value)
    assert len(block(0, own=str(folder))) == 135


@pytest.mark.parametrize(
    "data",
    [b"", b"- a list", b"\xff\xfe", b"x" * 1_100_000, b"a: " + b"[" * 5000],
    ids=["empty", "list", "bytes", "huge", "deep"],
)
def test_what_is_no_family_at_all(folder, data):
    (folder / "queues.yaml").write_bytes(data)
    with pytest.raises(UsageError, match="queues.yaml: it is (no|a link|nested)"):
        block(1, own=str(folder))


def test_links_and_folders_that_are_not_there(folder, tmp_path_factory):
    os.symlink(folder / "queues.yaml", folder / "link.yaml")
    with pytest.raises(UsageError, match="link.yaml: it is a link"):
        block(1, own=str(folder))
    with pytest.raises(UsageError, match="which is no folder. Name the folder"):
        block(1, own=str(folder / "nothing"))
    with pytest.raises(UsageError, match="has 0 family files"):
        block(1, own=str(tmp_path_factory.mktemp("empty")))


def test_every_scorer_can_be_used(tmp_path):
    slots = (
        f"slots: {{a: {[f'apple{n}' for n in range(60)]}, b: {[f'bird{n}' for n in range(60)]}, n:"
        f" {list(range(60))}}}"
    )
    for scorer, answer, target in (
        ("exact", '"{a}"', "{others: ['{b}']}"),
        ("number", '"{n}"', "{unit: ms}"),
        ("set", '["{a}", "{b}"]', "{universe: ['{a}', '{b}', pear]}"),
        ("order", '["{b}", "{a}"]', "{}"),
        (
            "facts",
            '"{a} needs {n} days."',
            "{required: ['{a}', ['{n} days', '{n} d']], forbidden: ['{b}'], max_words: 12}",
        ),
        ("budget", '"{a} and {b}"', "{required: ['{a}', '{b}'], max_words: 5}"),
        ("judge", '"I am sorry about {a}."', "{checks: {required: ['{a}']}, rubric: [is kind]}"),
    ):
        text = (
            f"category: reasoning\nscorer: {scorer}\nprompt: '{{a}} {{b}} {{n}}?'\nanswer: {answer}\ntarget:"
            f" {target}\n{slots}\n"
        )
        (tmp_path / f"by_{scorer}.yaml").write_text(text)
    own = [item for item in block(1, own=str(tmp_path)) if item.own]
    assert {item.scorer for item in own} == {"exact", "number", "set", "order", "facts", "budget", "judge"}
    assert all(score(item, item.reference).value == 1.0 for item in own)


REPORT = """
category: conciseness
scorer: budget
prompt: |-
  {report}
  Who repaired what? At most 2 words.
texts:
  report:
    - On {day} {person} repaired {thing}.
    - 2: "{other} wrote it down after {minutes} minutes."
answer: "{person}, {thing}"
target: {required: ["{person}", "{thing}"], forbidden: [{2: "{other}"}], max_words: 2}
payload: {report: "{report}"}
slots:
  person: people
  kinds:
    - {thing: "the {size} pump"}
    - {thing: "the {size} door"}
  size: [small, large]
  day: weekdays
  first, second: {between: [1, 60]}
  other: {2: {from: people, except: person}}
  minutes: {2: {between: [5, 50]}}
system: Case {first}-{second}.
"""


def drawn(tmp_path, text: str, level: int, seed: int = 0):
    (tmp_path / "report.yaml").write_text(text)
    _, family = family_files.read(tmp_path / "report.yaml")
    return family.draw(Random(seed), level)


def test_texts_levels_word_lists_and_rows(tmp_path):
    low, high = drawn(tmp_path, REPORT, 1), drawn(tmp_path, REPORT, 3)
    assert low.user == "On Wednesday Yara repaired the small door.\nWho repaired what? At most 2 words."
    assert low.reference == "Yara, the small door" and low.system == "Case 33-32."
    assert low.target == {"required": ["Yara", "the small door"], "forbidden": [], "max_words": 2}
    assert low.slots == {"report": "On Wednesday Yara repaired the small door."}
    assert high.slots == {"report": low.slots["report"] + " Mateo wrote it down after 24 minutes."}
    assert high.target["forbidden"] == ["Mateo"]


@pytest.mark.parametrize("seed", range(40))
def test_names_drawn_together_and_a_slot_that_excepts_another_differ(tmp_path, seed):
    draw = drawn(tmp_path, REPORT, 2, seed)
    first, second = draw.system.removeprefix("Case ").removesuffix(".").split("-")
    assert first != second and draw.target["forbidden"][0] not in draw.target["required"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("person: people", "person: peopel", "the slot 'person' is 'peopel', which is no list of words"),
        ("{from: people, except: person}", "{from: people, except: someone}", "excepts 'someone'"),
        ("{between: [5, 50]}", "{between: [50, 5]}", "the slot 'minutes' is between .* Write for example"),
        ("{between: [5, 50]}", "{between: [0, 99999999999999999999999]}", "the slot 'minutes' is between"),
        (
            "{between: [5, 50]}",
            "{from: {between: [5, 50]}, except: person}",
            "is no list of texts and numbers",
        ),
        ("day: weekdays", "thing: weekdays", "the slot 'thing' is there already. Give it another name"),
        ("answer:", "max_tokens: {2: 0}\nanswer:", "max_tokens is 0"),
        ('answer: "{person}, {thing}"', 'answer: {2: "{person}, {thing}"}', "it has no 'answer' at level 1"),
        ('- 2: "{other}', '- 1: "{other}', "{minutes} is no slot|{other} is no slot"),
    ],
)
def test_a_wrong_slot_is_one_line(tmp_path, old, new, says):
    assert old in REPORT
    with pytest.raises(UsageError, match=says) as caught:
        drawn(tmp_path, REPORT.replace(old, new), 1)
    assert "\n" not in str(caught.value)


def test_a_file_is_tried_at_every_level(tmp_path):
    wrong_at_3 = REPORT.replace("max_words: 2}", "max_words: {1: 4, 3: 1}}").replace("payload:", "# ")
    (tmp_path / "report.yaml").write_text(wrong_at_3)
    with pytest.raises(UsageError, match="its own answer scores 0: .*4 words, 1 allowed"):
        user_families.load(tmp_path, families())


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*/*.yaml")), ids=lambda path: path.stem)
def test_a_plain_family_of_the_suite_is_a_file_that_a_user_could_have_written(tmp_path, path):
    (tmp_path / f"my_{path.name}").write_text(path.read_text())
    ((category, members),) = user_families.load(tmp_path, families()).items()
    shipped = next(family for family in families()[category] if family.name == path.stem)
    assert members[0].draw.__doc__ == shipped.draw.__doc__
    for level in (1, 2, 3):
        assert members[0].draw(Random(7), level) == shipped.draw(Random(7), level)


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(family_files.FIELDS),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.text(max_size=8)
            | st.sampled_from(["label", "tool_use", "{a}"]),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
            ),
            max_leaves=6,
        ),
    )
)
def test_whatever_a_file_says_it_is_a_family_or_one_line(tmp_path_factory, spec):
    import yaml

    folder = tmp_path_factory.mktemp("f")
    (folder / "odd.yaml").write_text(
        yaml.safe_dump({"category": "tool_use", "scorer": "label", "prompt": "x", "answer": "y"} | spec)
    )
    with pytest.raises(UsageError, match="odd.yaml"):
        user_families.load(folder, families())
