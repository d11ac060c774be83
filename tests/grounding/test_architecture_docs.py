"""The checker of `architecture_docs` passes what the generator makes and refuses the same once it is
falsified.
"""

import copy
import json
import re

import pytest

from autodidact.settings import SAMPLES
from tests.generators.snapshots import examples_of, file, snapshot
from tests.grounding.architecture_docs import check
from tests.grounding.documents_to_check import API, COMPOSE, GUIDE, LAYERS, MANIFESTS, MODELS


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    for name, text in (
        ("k8s.yaml", MANIFESTS),
        ("api.yaml", API),
        ("guide.rst", GUIDE),
        ("layers.dot", LAYERS),
        ("compose.yaml", COMPOSE),
        ("models.md", MODELS),
    ):
        file(folder / "docs", name, text)
    return snapshot(folder, limit=3000, documents=[str(folder / "docs"), str(SAMPLES / "documents")])


@pytest.fixture(scope="module")
def rows(seen) -> list[dict]:
    return [json.loads(row.line()) for row in examples_of("architecture_docs", seen)]


def falsified(row: dict, answer: str) -> dict:
    wrong = copy.deepcopy(row)
    wrong["messages"][-1]["content"] = answer
    return wrong


def test_what_is_generated_passes(seen, rows):
    kinds = {row["source"]["asks"][0] for row in rows}
    assert kinds >= {
        "section",
        "where",
        "outline",
        "cell",
        "out",
        "in",
        "not",
        "way",
        "behind",
        "group",
        "sends",
        "after",
        "steps",
        "port",
        "publisher",
        "image",
        "needs",
        "needed by",
        "not needed",
        "start",
        "down",
        "absent",
        "replicas",
        "target",
        "route",
        "trace",
        "operation",
        "required",
        "response",
        "field",
        "no field",
        "next",
        "begins",
        "transition",
        "inherits",
        "composition",
        "count",
        "related",
    }
    assert [
        (row["source"]["asks"], row["messages"][-1]["content"], reason)
        for row in rows
        if (reason := check(row, seen))
    ] == []


def test_an_invented_word_is_refused(seen, rows):
    """In place of the last word."""
    missed = []
    for row in rows:
        answer = row["messages"][-1]["content"]
        if not row.get("probe") and (
            re.match(r"(No|None|Nothing|To nothing)\b", answer)
            or row["source"]["asks"][0] in ("where", "absent")
        ):
            continue
        last = re.findall(r"[\w.:/-]*\w", answer)[-1]
        wrong = "zebra".join(answer.rsplit(last, 1))
        if not check(falsified(row, wrong), seen):
            missed.append((row["source"]["asks"], wrong))
    assert missed == []


def test_a_value_that_answers_another_question_of_the_probe_is_refused(seen, rows):
    taught = [row for row in rows if row.get("probe")]
    values = {row["messages"][-1]["content"] for row in taught}
    assert len({row["source"]["asks"][0] for row in taught}) > 2 and {row["short"] for row in taught} == {
        True
    }
    for row in taught:
        value = row["messages"][-1]["content"]
        for answer in (values | {f"`{value}`", f"{value}."}) - {value}:
            assert check(falsified(row, answer), seen), (row["messages"][0], answer)
        other = copy.deepcopy(row)
        other["messages"][0]["content"] += " Why?"
        assert check(other, seen) == "is not the bare value of what it cites"


def test_a_number_that_is_off_by_one_is_refused(seen, rows):
    told = [
        row
        for row in rows
        if row["source"]["asks"][0]
        in ("port", "publisher", "inside", "replicas", "ports", "target", "statuses", "where")
    ]
    told = [
        row
        for row in told
        if re.search(r"\d", row["messages"][-1]["content"]) and row["source"]["asks"][0] != "publisher"
    ]
    assert told
    for row in told:
        wrong = re.sub(r"\d+(?=\D*$)", lambda match: str(int(match[0]) + 1), row["messages"][-1]["content"])
        assert check(falsified(row, wrong), seen), (row["source"]["asks"], wrong)


def test_a_list_that_lacks_a_name_or_a_way_that_skips_a_step_is_refused(seen, rows):
    for row in rows:
        kind, answer = row["source"]["asks"][0], row["messages"][-1]["content"]
        if (
            kind
            in ("out", "in", "behind", "needs", "needed by", "down", "start", "tag", "statuses", "services")
            and ", " in answer
        ):
            wrong = re.sub(r"(?:`[^`]+`|(?<![\w-])[\w-]+), ", "", answer, count=1)
            assert check(falsified(row, wrong), seen), (row["source"]["asks"], wrong)
        if kind in ("way", "trace"):
            assert check(falsified(row, re.sub(r" -> [^>]+ -> ", " -> ", answer, count=1)), seen)


def test_denying_what_is_so_is_refused(seen, rows):
    cited = {tuple(row["source"]["asks"]): row for row in rows}
    row = cited["not needed", *next(key[1:] for key in cited if key[0] == "not needed")]
    service = row["source"]["asks"][1]
    needed = re.findall(r"[\w-]+", row["messages"][-1]["content"].partition("depends on ")[2])[0]
    wrong = copy.deepcopy(row)
    wrong["source"]["asks"] = ["not needed", service, needed]
    wrong["messages"][0]["content"] = f"Does {service} need {needed}?"
    assert check(wrong, seen)
    row = cited["absent", next(key[1] for key in cited if key[0] == "absent")]
    assert check(row | {"source": row["source"] | {"asks": ["absent", "gateway"]}}, seen)
